#include "esnn_learner.h"

/* Charges a layer's neurons with `drive`, lists those that fire and keeps their spikes as spikes into the next. */
static uint32_t fire(const esnn_learn *p, const esnn_learn_layer *layer, uint16_t *list, int slopes)
{
    const int32_t threshold = esnn_threshold(p, layer), limit = layer->limit, time = p->state->time;
    const int32_t *const drive = p->drive, outputs = layer->outputs;
    int32_t *const potential = layer->v;
    uint32_t fired = 0;

    for (int32_t j = 0; j < outputs; j++) {
        const int32_t before = potential[j];
        const int32_t v = esnn_clip(before + drive[j], -limit, limit);

        potential[j] = v;
        if (v >= threshold) {
            esnn_record *const record = esnn_keep_spike(layer + 1, time, j);

            if (record != NULL) {
                record->sum = 0;
                record->value = v - (slopes ? before : threshold);
                record->previous = layer->last[j];
            }
            potential[j] = 0;
            layer->last[j] = (int16_t)time;
            list[fired++] = (uint16_t)j;
        }
    }
    return fired;
}

const uint16_t *esnn_step_hidden(const esnn_learn *p, const uint16_t *list, uint32_t *spikes, int slopes)
{
    esnn_keep_inputs(p, list, *spikes);
    for (int32_t i = 0; i + 1 < p->layers; i++) {
        const esnn_learn_layer *const layer = p->layer + i;

        if (*spikes != 0u) {
            esnn_drive(layer, list, *spikes, p->drive);
            list = p->fired[i & 1];
            *spikes = fire(p, layer, p->fired[i & 1], slopes);
        }
        layer[1].start[p->state->time + 1] = (uint16_t)layer[1].state->spikes;
    }
    return list;
}
