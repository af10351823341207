#include "esnn_learner.h"

void esnn_spike_errors(const esnn_learn *p, int32_t layer)
{
    const esnn_learn_layer *const into = p->layer + layer;
    const int32_t finer = layer + 1 == p->layers ? p->error_shift : 0;
    const esnn_ratio threshold = esnn_reciprocal(esnn_threshold(p, into));

    esnn_onto_events(p, layer);
    for (uint32_t i = 0; i < into->state->spikes; i++) {
        into->record[i].sum = esnn_scaled(into->record[i].sum, threshold, finer + p->unit_bits);
    }
    p->state->tally.reciprocals++;
}
