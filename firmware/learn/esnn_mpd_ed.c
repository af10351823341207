/* mpd-ed: errors pass where a spike was, by how little it exceeded the threshold; the last layer does not fire. */
#include "esnn_learner.h"

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

    esnn_softmax_errors(p->score, classes, label, p->softness, error);
    p->state->tally.reciprocals++;
    for (int32_t k = 0; k < classes; k++) {
        p->output[k].time = (uint16_t)(p->ticks - 1);
        p->output[k].neuron = (uint16_t)k;
        p->output_record[k].previous = -1;
        p->output_record[k].error = error[k];
    }
}

/* max(0, 1 - excess / width) threshold / width, the width being 2^width_shift thresholds. */
static int32_t surrogate(const esnn_learn *p, int32_t excess, esnn_ratio threshold)
{
    const int32_t near = ESNN_RATIO_ONE - esnn_scaled(excess, threshold, ESNN_RATIO_BITS - p->width_shift);

    return near > 0 ? near >> p->width_shift : 0;
}

int esnn_mpd_ed_backward(const esnn_learn *p, int32_t label)
{
    esnn_mpd_ed_end(p);
    if (!esnn_begin_backward(p)) {
        return 0;
    }
    output_errors(p, label);
    for (int32_t i = p->layers - 1; i > 0; i--) {
        const esnn_learn_layer *const into = p->layer + i;
        const esnn_ratio threshold = esnn_reciprocal(esnn_threshold(p, into - 1));

        esnn_spike_errors(p, i);
        p->state->tally.reciprocals++;
        for (uint32_t s = 0; s < into->state->spikes; s++) {
            esnn_record *const record = into->record + s;

            record->error = esnn_cut(p, record->sum, surrogate(p, record->value, threshold));
        }
    }
    return 1;
}
