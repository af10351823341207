#include "esnn_learner.h"

int esnn_begin_backward(const esnn_learn *p)
{
    int crowded = 0;

    p->state->tally.samples++;
    for (int32_t i = 0; i < p->layers; i++) {
        const esnn_learn_layer *const layer = p->layer + i;

        p->state->tally.adds += (uint64_t)layer->state->spikes * layer->outputs;
        crowded |= layer->state->spikes > layer->most;
    }
    p->state->moving = !crowded;
    if (crowded) {
        p->state->tally.overruns++;
    }
    return !crowded;
}
