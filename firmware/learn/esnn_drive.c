#include "esnn_learner.h"

/* Sums of four neurons at a time stay in registers. */
static void drive_four(const int8_t *weight, const uint16_t *list, const uint16_t *end, int32_t outputs, int32_t *drive)
{
    int32_t a = 0, b = 0, c = 0, d = 0;

    for (; list < end; list++) {
        const int8_t *const row = weight + *list * outputs;

        a += row[0];
        b += row[1];
        c += row[2];
        d += row[3];
    }
    drive[0] = a;
    drive[1] = b;
    drive[2] = c;
    drive[3] = d;
}

void esnn_drive(const esnn_learn_layer *layer, const uint16_t *list, uint32_t spikes, int32_t *drive)
{
    const int32_t outputs = layer->outputs;
    const uint16_t *const end = list + spikes;
    int32_t j = 0;

    for (; j + 4 <= outputs; j += 4) {
        drive_four(layer->weight + j, list, end, outputs, drive + j);
    }
    for (; j < outputs; j++) {
        drive[j] = 0;
        for (const uint16_t *at = list; at < end; at++) {
            drive[j] += layer->weight[*at * outputs + j];
        }
    }
}
