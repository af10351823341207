#include "esnn_learner.h"

void esnn_sum_scores(const esnn_learn *p, const uint16_t *list, uint32_t spikes)
{
    const esnn_learn_layer *const last = esnn_last_layer(p);
    const int32_t classes = last->outputs;
    int32_t *const score = p->score;

    for (uint32_t i = 0; i < spikes; i++) {
        const int8_t *const row = last->weight + list[i] * classes;

        for (int32_t k = 0; k < classes; k++) {
            score[k] += row[k];
        }
    }
}
