/* stdbp: V(t) = sum of w_i (t - t_i) over the inputs before t; a neuron fires once, at the first V >= threshold. */
#include "esnn_timed.h"

void esnn_stdbp_step(const esnn_learn *p, const uint16_t *list, uint32_t spikes)
{
    if (p->state->time >= p->ticks) {
        return;
    }
    esnn_keep_inputs(p, list, spikes);
    p->state->time++;
}

/* A spike into a layer, in the order of time, behind those of the same time. */
static void insert(const esnn_learn_layer *layer, int32_t time, int32_t neuron, int32_t slope)
{
    uint32_t at = layer->state->spikes;

    (void)esnn_keep_spike(layer, time, neuron);
    for (; at > 0u && layer->event[at - 1u].time > time; at--) {
        layer->event[at] = layer->event[at - 1u];
        layer->record[at] = layer->record[at - 1u];
    }
    layer->event[at].time = (uint16_t)time;
    layer->event[at].neuron = (uint16_t)neuron;
    layer->record[at].sum = 0;
    layer->record[at].value = slope;
    layer->record[at].previous = -1;
}

static void keep(const esnn_learn *p, const esnn_learn_layer *layer, int32_t time, int32_t neuron)
{
    layer->last[neuron] = (int16_t)time;
    if (layer == esnn_last_layer(p)) {
        p->output_record[neuron].value = layer->rise[neuron];
        p->score[neuron] = p->ticks - time;
    } else {
        insert(layer + 1, time, neuron, layer->rise[neuron]);
    }
}

/* Lets all potentials rise from one input's time to the next; a neuron that gets to the threshold fires between. */
static void rise(const esnn_learn *p, const esnn_learn_layer *layer, int32_t time, int32_t until)
{
    const int32_t threshold = esnn_threshold(p, layer);

    const int32_t outputs = layer->outputs, *const slopes = layer->rise;
    int32_t *const potential = layer->v;

    for (int32_t j = 0; j < outputs; j++) {
        const int32_t v = potential[j], slope = slopes[j];

        potential[j] = v + slope * (until - time);
        if (potential[j] >= threshold && layer->last[j] < 0) {
            keep(p, layer, time + (threshold - v + slope - 1) / slope, j);
        }
    }
}

static void run(const esnn_learn *p, const esnn_learn_layer *layer)
{
    const uint32_t spikes = layer->state->spikes < layer->room ? layer->state->spikes : layer->room;
    const int32_t outputs = layer->outputs;
    int32_t *const slope = layer->rise;

    for (uint32_t i = 0; i < spikes;) {
        const int32_t time = layer->event[i].time;

        do {
            const int8_t *const row = layer->weight + layer->event[i].neuron * outputs;

            for (int32_t j = 0; j < outputs; j++) {
                slope[j] += row[j];
            }
        } while (++i < spikes && layer->event[i].time == time);
        rise(p, layer, time, i < spikes ? layer->event[i].time : p->ticks - 1);
    }
}

/* How many spikes came before each step. */
static void count(const esnn_learn *p, const esnn_learn_layer *layer)
{
    uint32_t before = 0;

    for (int32_t t = 0; t < p->ticks; t++) {
        while (before < layer->state->spikes && layer->event[before].time == t) {
            before++;
        }
        layer->start[t + 1] = (uint16_t)before;
    }
}

void esnn_stdbp_end(const esnn_learn *p)
{
    if (!esnn_end_steps(p)) {
        return;
    }
    for (int32_t i = 0; i < p->layers; i++) {
        run(p, p->layer + i);
        if (i + 1 < p->layers) {
            count(p, p->layer + i + 1);
        }
    }
}

/* Minus the tick of an output's spike; where it stayed silent, of the one it would have later if it rose on. */
static int32_t minus_time(const esnn_learn *p, int32_t k)
{
    const esnn_learn_layer *const last = esnn_last_layer(p);
    const int32_t shifted = last->threshold >> (ESNN_SLOPE_SHIFT + p->unit_bits);
    const int32_t least = shifted > 1 ? shifted : 1;
    esnn_record *const record = p->output_record + k;
    int32_t time = last->last[k];

    if (time < 0) {
        const int32_t missing = last->threshold - last->v[k] - last->rise[k]; /* at the tick behind the last */

        record->value = last->rise[k] > least ? last->rise[k] : least;
        time = p->ticks + esnn_scaled(missing, esnn_reciprocal(record->value), 0);
    }
    record->previous = -1;
    p->output[k].time = (uint16_t)(time < 2 * p->ticks ? time : 2 * p->ticks);
    p->output[k].neuron = (uint16_t)k;
    p->state->tally.reciprocals++;
    return -time;
}

int esnn_stdbp_backward(const esnn_learn *p, int32_t label)
{
    int32_t *const late = p->drive;

    esnn_stdbp_end(p);
    if (!esnn_begin_backward(p)) {
        return 0;
    }
    for (int32_t k = 0; k < esnn_last_layer(p)->outputs; k++) {
        late[k] = minus_time(p, k);
    }
    esnn_output_time_errors(p, late, label, p->softness, ESNN_NO_RIVAL);
    esnn_hidden_time_errors(p);
    return 1;
}
