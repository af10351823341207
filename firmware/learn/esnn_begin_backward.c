#include "esnn_learner.h"

int esnn_begin_backward(const esnn_learn *p)
{
    uint32_t events = 0, records = 0;
    int crowded = 0;

    p->state->tally.samples++;
    for (int32_t i = 0; i < p->layers; i++) {
        const esnn_learn_layer *const layer = p->layer + i;

        p->state->tally.adds += (uint64_t)layer->state->spikes * layer->outputs;
        events += layer->state->spikes;
        records += layer->record != NULL ? layer->state->spikes : 0u;
        crowded |= layer->state->spikes > layer->most;
    }
    p->state->moving = !crowded;
    if (crowded) {
        p->state->tally.overruns++;
    } else {
        p->state->tally.events += events;
        p->state->tally.records += records;
    }
    return !crowded;
}
