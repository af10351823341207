#include "esnn_learner.h"

#define MEMORY_SHIFT 4 /* of the running firing rate */

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

void esnn_adapt(const esnn_learn *p)
{
    for (int32_t i = 0; p->rate_target != 0 && i + 1 < p->layers; i++) {
        adapt(p, p->layer + i);
    }
}
