/* mpd-ed: errors pass where a spike was, by how little it exceeded the threshold; the last layer does not fire. */
#include "esnn_learner.h"

#define UNKNOWN INT32_MIN

void esnn_mpd_ed_step(const esnn_learn *p, const uint16_t *list, uint32_t spikes)
{
    if (p->state->time >= p->ticks) {
        return;
    }
    list = esnn_step_hidden(p, list, &spikes, 0);
    esnn_sum_scores(p, list, spikes);
    p->state->time++;
}

void esnn_mpd_ed_end(const esnn_learn *p)
{
    (void)esnn_end_steps(p);
}

static void output_errors(const esnn_learn *p, int32_t label)
{
    const int32_t classes = esnn_last_layer(p)->outputs;
    int16_t *const error = esnn_last_layer(p)->last;

    esnn_softmax_errors(p->score, classes, label, p->softness, ESNN_NO_RIVAL, error);
    p->state->tally.reciprocals++;
    for (int32_t k = 0; k < classes; k++) {
        p->output[k].time = (uint16_t)(p->ticks - 1);
        p->output[k].neuron = (uint16_t)k;
        p->output_record[k].previous = -1;
        p->output_record[k].error = error[k];
    }
}

/* What the errors of the output make of a spike into the last layer, whenever it came. */
static int32_t onto_spike(const esnn_learn *p, int32_t neuron, esnn_ratio unit)
{
    const esnn_learn_layer *const last = esnn_last_layer(p);
    const int32_t classes = last->outputs;
    const int8_t *const weight = last->weight + neuron * classes;
    int32_t sum = 0;

    for (int32_t k = 0; k < classes; k++) {
        sum += last->last[k] * weight[k];
    }
    return esnn_scaled(sum, unit, p->error_shift);
}

/* Errors of the spikes into the last layer. A neuron's differ in the surrogate only: one sum a neuron, and none where
 * the surrogates are 0. */
static void onto_last_hidden(const esnn_learn *p, int32_t threshold, esnn_ratio own)
{
    const esnn_learn_layer *const last = esnn_last_layer(p);
    const esnn_ratio unit = esnn_reciprocal(esnn_threshold(p, last));
    int32_t *const error_of = p->drive;
    uint32_t wrong = 0, sums = 0;

    for (int32_t j = 0; j < last->inputs; j++) {
        error_of[j] = UNKNOWN;
    }
    for (uint32_t s = 0; s < last->state->spikes; s++) {
        esnn_record *const record = last->record + s;
        const int32_t gain = esnn_surrogate(p, record->value, threshold, own), neuron = last->event[s].neuron;

        if (gain != 0 && error_of[neuron] == UNKNOWN) {
            error_of[neuron] = onto_spike(p, neuron, unit);
            sums++;
        }
        record->error = gain != 0 ? esnn_cut(p, error_of[neuron], gain) : 0;
    }
    for (int32_t k = 0; k < last->outputs; k++) {
        wrong += last->last[k] != 0;
    }
    p->state->tally.multiplies += wrong * last->state->spikes;
    p->state->tally.reads += sums * last->outputs;
    p->state->tally.reciprocals++;
}

/* The same of the spikes into a hidden layer. */
static void onto_hidden(const esnn_learn *p, int32_t layer, int32_t threshold, esnn_ratio own)
{
    const esnn_learn_layer *const into = p->layer + layer;

    esnn_spike_errors(p, layer);
    for (uint32_t s = 0; s < into->state->spikes; s++) {
        esnn_record *const record = into->record + s;

        record->error = esnn_cut(p, record->sum, esnn_surrogate(p, record->value, threshold, own));
    }
}

int esnn_mpd_ed_backward(const esnn_learn *p, int32_t label)
{
    esnn_mpd_ed_end(p);
    if (!esnn_begin_backward(p)) {
        return 0;
    }
    output_errors(p, label);
    for (int32_t i = p->layers - 1; i > 0; i--) {
        const int32_t threshold = esnn_threshold(p, p->layer + i - 1);
        const esnn_ratio own = esnn_reciprocal(threshold);

        if (i + 1 == p->layers) {
            onto_last_hidden(p, threshold, own);
        } else {
            onto_hidden(p, i, threshold, own);
        }
        p->state->tally.reciprocals++;
    }
    return 1;
}
