#include "esnn_timed.h"

void esnn_output_time_errors(const esnn_learn *p, const int32_t *late, int32_t label, int32_t softness, int32_t rival)
{
    const esnn_learn_layer *const last = esnn_last_layer(p);

    esnn_softmax_errors(late, last->outputs, label, softness, rival, last->last);
    p->state->tally.reciprocals++;
    for (int32_t k = 0; k < last->outputs; k++) {
        esnn_record *const record = p->output_record + k;

        record->error = esnn_cut(p, last->last[k], esnn_slowness(p, last->threshold, record->value));
    }
    esnn_sort_output(p);
}

void esnn_hidden_time_errors(const esnn_learn *p)
{
    for (int32_t i = p->layers - 1; i > 0; i--) {
        const esnn_learn_layer *const into = p->layer + i;
        const int32_t threshold = esnn_threshold(p, into - 1);

        esnn_spike_errors(p, i);
        for (uint32_t s = 0; s < into->state->spikes; s++) {
            esnn_record *const record = into->record + s;

            record->error = esnn_cut(p, record->sum, esnn_slowness(p, threshold, record->value));
        }
    }
}
