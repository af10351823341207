#include "esnn_learner.h"

static void start_layer(const esnn_learn_layer *layer, int32_t rate_target)
{
    const int32_t weights = (int32_t)layer->inputs * layer->outputs;

    for (int32_t i = 0; i < weights; i++) {
        layer->weight[i] = layer->first[i];
        if (layer->master != NULL) {
            layer->master[i] =
                (int16_t)esnn_clip(layer->first[i] * (1 << ESNN_MASTER_BITS), -ESNN_ERROR_LIMIT, ESNN_ERROR_LIMIT);
        }
    }
    layer->state->fine = layer->threshold * (1 << ESNN_THRESHOLD_BITS);
    layer->state->running = rate_target;
}

void esnn_learn_start(const esnn_learn *p)
{
    static const esnn_learn_state nothing;

    for (int32_t i = 0; i < p->layers; i++) {
        start_layer(p->layer + i, p->rate_target);
    }
    *p->state = nothing;
    p->state->left = p->halve_every;
    p->state->draw = p->seed;
    esnn_learn_reset(p);
}
