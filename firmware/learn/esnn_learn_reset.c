#include "esnn_learner.h"

static void reset_layer(const esnn_learn_layer *layer)
{
    for (int32_t j = 0; j < layer->outputs; j++) {
        layer->v[j] = 0;
        layer->last[j] = -1;
        if (layer->rise != NULL) {
            layer->rise[j] = 0;
        }
    }
    layer->start[0] = 0;
    layer->state->spikes = 0;
}

void esnn_learn_reset(const esnn_learn *p)
{
    for (int32_t i = 0; i < p->layers; i++) {
        reset_layer(p->layer + i);
    }
    for (int32_t k = 0; k < esnn_last_layer(p)->outputs; k++) {
        p->score[k] = 0;
    }
    p->state->time = 0;
    p->state->ended = 0;
    p->state->moving = 0;
}
