/* stbp: each spike into a layer moves the weights of its input, which lie side by side. */
#include "esnn_learner.h"

/* The errors of a step's potentials, shifted as masters will move; gives how many are then not 0. With `stochastic` they
 * are not shifted. */
static uint32_t movements(const esnn_learn *p, int32_t layer, int32_t time, int32_t shift)
{
    const esnn_learn_layer *const into = p->layer + layer;
    const int32_t outputs = into->outputs, half = (int32_t)1 << (shift - 1);
    uint32_t some = 0;

    for (int32_t j = 0; j < outputs; j++) {
        const int32_t error = layer + 1 == p->layers ? into->last[j] : into->trail[time * outputs + j];

        p->drive[j] = into->master == NULL ? error : esnn_floor_shift(error + half, shift);
        some += p->drive[j] != 0;
    }
    return some;
}

static uint32_t move_masters(const esnn_learn *p, const esnn_learn_layer *layer, int32_t input)
{
    const int32_t outputs = layer->outputs, *const move = p->drive;
    int16_t *const master = layer->master + input * outputs;
    int8_t *const weight = layer->weight + input * outputs;
    uint32_t clipped = 0;

    for (int32_t j = 0; j < outputs; j++) {
        if (move[j] != 0) {
            clipped += esnn_set_master(master + j, weight + j, master[j] - move[j]);
        }
    }
    return clipped;
}

static uint32_t move_by_chance(const esnn_learn *p, const esnn_learn_layer *layer, int32_t input, int32_t shift)
{
    const int32_t outputs = layer->outputs, bits = shift + ESNN_MASTER_BITS, *const error = p->drive;
    int8_t *const weight = layer->weight + input * outputs;
    uint32_t clipped = 0;

    for (int32_t j = 0; j < outputs; j++) {
        if (error[j] != 0) {
            clipped += esnn_move_by_chance(p->state, weight + j, error[j], bits);
        }
    }
    return clipped;
}

void esnn_onto_rows(const esnn_learn *p, int32_t layer, int32_t shift)
{
    const esnn_learn_layer *const into = p->layer + layer;
    uint32_t moved = 0, clipped = 0;

    for (int32_t t = p->ticks - 1; t >= 0; t--) {
        const esnn_event *event = into->event + into->start[t], *const end = into->event + into->start[t + 1];

        if (event < end) {
            moved += movements(p, layer, t, shift) * (uint32_t)(end - event);
        }
        for (; event < end; event++) {
            clipped += into->master != NULL ? move_masters(p, into, event->neuron)
                                            : move_by_chance(p, into, event->neuron, shift);
        }
    }
    p->state->tally.updates += moved;
    p->state->tally.clipped += clipped;
}

void esnn_stbp_update(const esnn_learn *p)
{
    if (p->state->moving) {
        for (int32_t i = p->layers - 1; i >= 0; i--) {
            esnn_onto_rows(p, i, esnn_shift(p, i));
        }
        esnn_learn_next(p);
    }
    esnn_adapt(p);
}
