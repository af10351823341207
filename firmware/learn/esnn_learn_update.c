#include "esnn_learner.h"

#define MOST_HALVINGS 3
#define MEMORY_SHIFT 4 /* of the running firing rate */

static void move_weights(const esnn_learn *p)
{
    esnn_learn_state *const state = p->state;

    for (int32_t i = p->layers - 1; i >= 0; i--) {
        const int32_t shift = i + 1 == p->layers ? p->rate_shift : p->hidden_rate_shift;

        esnn_onto_weights(p, i, shift + state->halvings);
    }
    state->tally.learned++;
    state->moving = 0;
    if (state->left != 0u && --state->left == 0u && ++state->halvings < MOST_HALVINGS) {
        state->left = p->halve_every;
    }
}

/* threshold += threshold (rate - target) / 2^shift, all rounded down. */
static void adapt(const esnn_learn *p, const esnn_learn_layer *layer)
{
    esnn_learn_layer_state *const state = layer->state;
    const int32_t rate = (int32_t)layer[1].state->spikes * layer->rate_unit;

    state->running += esnn_floor_shift(rate - state->running, MEMORY_SHIFT);
    const int32_t off = esnn_floor_shift(state->running - p->rate_target, 4);
    const int32_t by = esnn_floor_shift((state->fine >> ESNN_THRESHOLD_BITS) * off, 4 + p->adapt_shift);

    state->fine = esnn_clip(state->fine + by, layer->low, layer->high);
}

void esnn_learn_update(const esnn_learn *p)
{
    if (p->state->moving) {
        move_weights(p);
    }
    for (int32_t i = 0; p->rate_target != 0 && i + 1 < p->layers; i++) {
        adapt(p, p->layer + i);
    }
}
