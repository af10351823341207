#include "esnn_learner.h"

void esnn_drive(const esnn_learn_layer *layer, const uint16_t *list, uint32_t spikes, int32_t *drive)
{
    const int32_t outputs = layer->outputs;
    const int8_t *row = layer->weight + list[0] * outputs;

    for (int32_t j = 0; j < outputs; j++) {
        drive[j] = row[j];
    }
    for (uint32_t i = 1; i < spikes; i++) {
        row = layer->weight + list[i] * outputs;
        for (int32_t j = 0; j < outputs; j++) {
            drive[j] += row[j];
        }
    }
}
