#include "esnn_learner.h"

/* The inputs of a window and their traces: how many of its spikes were theirs, or for ramps the time since. */
typedef struct {
    esnn_window window;
    uint32_t time, inputs;
} traces;

static void forget(const esnn_learn *p, traces *now)
{
    for (uint32_t i = 0; i < now->inputs; i++) {
        p->trace[p->touched[i]] = 0;
    }
    now->inputs = 0;
}

static void list_rising(const esnn_learn *p, const esnn_learn_layer *layer)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < layer->inputs; i++) {
        if (p->trace[i] != 0u) {
            p->touched[count++] = (uint16_t)i;
        }
    }
}

/* Of the spike's window, unless they are there from the one before. */
static void trace(const esnn_learn *p, const esnn_learn_layer *layer, esnn_window window, uint32_t time, traces *now)
{
    if (window.first == now->window.first && window.end == now->window.end && (time == now->time || !p->ramps)) {
        return;
    }
    forget(p, now);
    for (uint32_t i = window.first; i < window.end; i++) {
        const uint32_t input = layer->event[i].neuron, before = p->trace[input];

        if (before == 0u) {
            p->touched[now->inputs++] = (uint16_t)input;
        }
        p->trace[input] = (uint16_t)(before + (p->ramps ? time - layer->event[i].time : 1u));
    }
    if (layer->master == NULL) {
        list_rising(p, layer); /* the order of the draws */
    }
    now->window = window;
    now->time = time;
}

/* master -= error trace / 2^shift, rounded; the weight is its 8 high bits, rounded. Gives how many saturated. */
static uint32_t move_masters(const esnn_learn *p, const esnn_learn_layer *layer, int32_t neuron, int32_t error,
                             int32_t shift, uint32_t inputs)
{
    const int32_t half = (int32_t)1 << (shift - 1), outputs = layer->outputs;
    int16_t *const master = layer->master + neuron;
    int8_t *const weight = layer->weight + neuron;
    uint32_t clipped = 0;

    for (uint32_t i = 0; i < inputs; i++) {
        const int32_t input = p->touched[i], at = input * outputs;
        const int32_t wanted = master[at] - esnn_floor_shift(error * p->trace[input] + half, shift);
        const int32_t kept = esnn_clip(wanted, -ESNN_ERROR_LIMIT, ESNN_ERROR_LIMIT);
        const int32_t high = esnn_floor_shift(kept + (1 << (ESNN_MASTER_BITS - 1)), ESNN_MASTER_BITS);

        clipped += kept != wanted;
        master[at] = (int16_t)kept;
        weight[at] = (int8_t)(high < INT8_MAX ? high : INT8_MAX);
    }
    return clipped;
}

/* w -= (error trace + draw) >> (shift + 8), a draw having so many bits. */
static uint32_t move_by_chance(const esnn_learn *p, const esnn_learn_layer *layer, int32_t neuron, int32_t error,
                               int32_t shift, uint32_t inputs)
{
    const int32_t bits = shift + ESNN_MASTER_BITS, outputs = layer->outputs;
    int8_t *const weight = layer->weight + neuron;
    uint32_t clipped = 0, draw = p->state->draw;

    for (uint32_t i = 0; i < inputs; i++) {
        const int32_t input = p->touched[i], at = input * outputs;

        draw = draw * 1664525u + 1013904223u; /* Knuth and Lewis */
        const int32_t moved = esnn_floor_shift(error * p->trace[input] + (int32_t)(draw >> (32 - bits)), bits);
        const int32_t wanted = weight[at] - moved, kept = esnn_clip(wanted, INT8_MIN, INT8_MAX);

        clipped += kept != wanted;
        weight[at] = (int8_t)kept;
    }
    p->state->draw = draw;
    return clipped;
}

void esnn_onto_weights(const esnn_learn *p, int32_t layer, int32_t shift)
{
    const esnn_learn_layer *const into = p->layer + layer;
    const esnn_own_spikes own = esnn_spikes_of(p, layer);
    traces now = {{0, 0}, 0, 0};
    uint32_t moved = 0, clipped = 0;

    for (uint32_t f = own.count; f-- != 0u;) {
        const int32_t error = own.record[f].error, neuron = own.event[f].neuron;

        if (error != 0) {
            trace(p, into, esnn_window_of(p, into, own.event + f, own.record + f), own.event[f].time, &now);
            clipped += into->master != NULL ? move_masters(p, into, neuron, error, shift, now.inputs)
                                            : move_by_chance(p, into, neuron, error, shift, now.inputs);
            moved += now.inputs;
        }
    }
    forget(p, &now);
    p->state->tally.multiplies += moved;
    p->state->tally.updates += moved;
    p->state->tally.clipped += clipped;
}
