#include "esnn_learner.h"

int esnn_end_steps(const esnn_learn *p)
{
    if (p->state->ended) {
        return 0;
    }
    for (int32_t i = 0; i < p->layers; i++) {
        const esnn_learn_layer *const layer = p->layer + i;

        for (int32_t t = p->state->time; t < p->ticks; t++) {
            layer->start[t + 1] = (uint16_t)layer->state->spikes;
        }
    }
    p->state->time = p->ticks;
    p->state->ended = 1;
    return 1;
}
