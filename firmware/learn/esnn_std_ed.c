/* std-ed: errors are of spike times; a spike's potential moves its time by 1 / slope. The first output spike decides. */
#include "esnn_timed.h"

#define LATE_SHIFT 3 /* a silent output neuron is taken to go on rising by threshold / 2^3 a step */

/* Charges the output neurons with `drive`; of each the first spike counts. */
static void fire_output(const esnn_learn *p)
{
    const esnn_learn_layer *const last = esnn_last_layer(p);

    for (int32_t k = 0; k < last->outputs; k++) {
        const int32_t before = last->v[k];
        const int32_t v = esnn_clip(before + p->drive[k], -last->limit, last->limit);

        last->rise[k] += p->drive[k];
        last->v[k] = v;
        if (v >= last->threshold && last->last[k] < 0) {
            last->last[k] = (int16_t)p->state->time;
            p->output_record[k].value = v - before;
            p->output_record[k].sum = v - last->threshold;
            p->score[k] = p->ticks - p->state->time;
        }
    }
}

void esnn_std_ed_step(const esnn_learn *p, const uint16_t *list, uint32_t spikes)
{
    if (p->state->time >= p->ticks) {
        return;
    }
    list = esnn_step_hidden(p, list, &spikes, 1);
    if (spikes != 0u) {
        esnn_drive(esnn_last_layer(p), list, spikes, p->drive);
        fire_output(p);
    }
    p->state->time++;
}

void esnn_std_ed_end(const esnn_learn *p)
{
    (void)esnn_end_steps(p);
}

/* Minus the time of an output's spike, in 1/256 of a step; its slope, if it stayed silent, is what is assumed. */
static int32_t minus_time(const esnn_learn *p, int32_t k)
{
    const esnn_learn_layer *const last = esnn_last_layer(p);
    esnn_record *const record = p->output_record + k;
    const int silent = last->last[k] < 0;

    if (silent) {
        record->value = last->threshold >> LATE_SHIFT > 1 ? last->threshold >> LATE_SHIFT : 1;
        record->sum = last->rise[k] - last->threshold;
    }
    record->previous = -1;
    p->output[k].time = (uint16_t)(silent ? p->ticks - 1 : last->last[k]);
    p->output[k].neuron = (uint16_t)k;
    p->state->tally.reciprocals++;
    return esnn_scaled(record->sum, esnn_reciprocal(record->value), ESNN_TIME_BITS) -
           p->output[k].time * (1 << ESNN_TIME_BITS);
}

int esnn_std_ed_backward(const esnn_learn *p, int32_t label)
{
    int32_t *const late = p->drive;
    const int32_t end = p->ticks * (1 << ESNN_TIME_BITS);

    esnn_std_ed_end(p);
    if (!esnn_begin_backward(p)) {
        return 0;
    }
    for (int32_t k = 0; k < esnn_last_layer(p)->outputs; k++) {
        late[k] = minus_time(p, k);
    }
    late[label] -= 1 << ESNN_TIME_BITS; /* one step later than it is: only whole steps decide */
    esnn_output_time_errors(p, late, label, p->softness + ESNN_TIME_BITS, -end);
    esnn_hidden_time_errors(p);
    return 1;
}
