#include "esnn_learner.h"

void esnn_keep_inputs(const esnn_learn *p, const uint16_t *list, uint32_t spikes)
{
    const int32_t time = p->state->time;

    for (uint32_t i = 0; i < spikes; i++) {
        (void)esnn_keep_spike(p->layer, time, list[i]);
    }
    p->layer->start[time + 1] = (uint16_t)p->layer->state->spikes;
}
