/* What the rules share. */
#ifndef EDGESNN_LEARN_LEARNER_H
#define EDGESNN_LEARN_LEARNER_H

#include <stddef.h>

#include "edgesnn/learn.h"
#include "esnn_ratio.h"

#define ESNN_MASTER_BITS 8
#define ESNN_THRESHOLD_BITS 8
#define ESNN_SLOPE_SHIFT 3 /* a slope counts as no less than threshold / 2^3 in the unit of time */

static inline const esnn_learn_layer *esnn_last_layer(const esnn_learn *p)
{
    return p->layer + p->layers - 1;
}

/* A layer's threshold now; of a last layer that does not fire, the potential that halves a class's odds. */
static inline int32_t esnn_threshold(const esnn_learn *p, const esnn_learn_layer *layer)
{
    const int32_t threshold = esnn_floor_shift(layer->state->fine, ESNN_THRESHOLD_BITS);

    return threshold != 0 ? threshold : (int32_t)1 << p->softness;
}

/* A spike into a layer, if there is room; `at` is where its record is to be filled in, NULL where there is none. */
static inline esnn_record *esnn_keep_spike(const esnn_learn_layer *layer, int32_t time, int32_t neuron)
{
    const uint32_t at = layer->state->spikes++;

    if (at >= layer->room) {
        return NULL;
    }
    layer->event[at].time = (uint16_t)time;
    layer->event[at].neuron = (uint16_t)neuron;
    return layer->record == NULL ? NULL : layer->record + at;
}

/* The network's input of a step, and how many spikes came before the next. */
void esnn_keep_inputs(const esnn_learn *p, const uint16_t *list, uint32_t spikes);

/* drive = the sum of the weights of the listed inputs, of which there is at least one. */
void esnn_drive(const esnn_learn_layer *layer, const uint16_t *list, uint32_t spikes, int32_t *drive);

/* Adds the weights of the listed spikes into a last layer that does not fire to its scores. */
void esnn_sum_scores(const esnn_learn *p, const uint16_t *list, uint32_t spikes);

/* The hidden layers' part of a step. slopes: records hold what the step added, else the excess over the threshold.
 * Gives the spikes into the last layer, their number in *spikes. */
const uint16_t *esnn_step_hidden(const esnn_learn *p, const uint16_t *list, uint32_t *spikes, int slopes);

/* Silent steps up to the sample's end; 0 when it has ended already. */
int esnn_end_steps(const esnn_learn *p);

/* Counts a sample that is to be learned; 0 when it has too many spikes. */
int esnn_begin_backward(const esnn_learn *p);

/* How far masters are shifted against error times trace: steps get smaller. */
static inline int32_t esnn_shift(const esnn_learn *p, int32_t layer)
{
    return (layer + 1 == p->layers ? p->rate_shift : p->hidden_rate_shift) + p->state->halvings;
}

/* After weights have moved: counts the sample. */
void esnn_learn_next(const esnn_learn *p);

/* Thresholds by the firing rates. */
void esnn_adapt(const esnn_learn *p);

/* Records of the output in the order of their time. */
void esnn_sort_output(const esnn_learn *p);

/* From the spikes of a layer onto the spikes into it: record.sum of these. */
void esnn_onto_events(const esnn_learn *p, int32_t layer);

/* From the spikes of a layer onto its weights, which move. */
void esnn_onto_weights(const esnn_learn *p, int32_t layer, int32_t shift);

/* The same by way of a trace for each input of a window. Adds up in *moved how many weights moved, gives how many
 * saturated. */
uint32_t esnn_onto_traces(const esnn_learn *p, int32_t layer, int32_t shift, uint32_t *moved);

/* The same from the errors of every step. */
void esnn_onto_rows(const esnn_learn *p, int32_t layer, int32_t shift);

#define ESNN_HALF (1 << (ESNN_MASTER_BITS - 1))
#define ESNN_HIGHEST (INT8_MAX * (1 << ESNN_MASTER_BITS) + ESNN_HALF) /* from here on a weight is 127, not rounded */

/* A master and its weight, its 8 high bits, rounded. 1 where it saturates, else 0. */
static inline uint32_t esnn_set_master(int16_t *master, int8_t *weight, int32_t wanted)
{
    if ((uint32_t)(wanted + ESNN_ERROR_LIMIT) < (uint32_t)(ESNN_HIGHEST + ESNN_ERROR_LIMIT)) {
        *master = (int16_t)wanted;
        *weight = (int8_t)esnn_floor_shift(wanted + ESNN_HALF, ESNN_MASTER_BITS);
        return 0;
    }
    *master = (int16_t)esnn_clip(wanted, -ESNN_ERROR_LIMIT, ESNN_ERROR_LIMIT);
    *weight = wanted < 0 ? INT8_MIN : INT8_MAX;
    return *master != wanted;
}

/* w -= (product + draw) >> bits, a draw having so many bits. 1 where it saturates, else 0. */
static inline uint32_t esnn_move_by_chance(esnn_learn_state *state, int8_t *weight, int32_t product, int32_t bits)
{
    state->draw = state->draw * 1664525u + 1013904223u; /* Knuth and Lewis */
    const int32_t moved = esnn_floor_shift(product + (int32_t)(state->draw >> (32 - bits)), bits);
    const int32_t wanted = *weight - moved, kept = esnn_clip(wanted, INT8_MIN, INT8_MAX);

    *weight = (int8_t)kept;
    return kept != wanted;
}

/* Onto the spikes into a layer; then sums become errors of spikes, in units of the layer's threshold. */
void esnn_spike_errors(const esnn_learn *p, int32_t layer);

/* threshold / slope in the unit of time, at most 8. */
int32_t esnn_slowness(const esnn_learn *p, int32_t threshold, int32_t slope);

/* error * gain within 16 bits; what does not fit is counted. */
int16_t esnn_cut(const esnn_learn *p, int32_t error, int32_t gain);

/* max(0, 1 - |excess| / width) threshold / width, the width being 2^width_shift thresholds; ratio: that of 1 / threshold. */
static inline int32_t esnn_surrogate(const esnn_learn *p, int32_t excess, int32_t threshold, esnn_ratio ratio)
{
    const int32_t off = excess < 0 ? -excess : excess;

    if (off >= threshold * (1 << p->width_shift)) {
        return 0;
    }
    return (ESNN_RATIO_ONE - esnn_scaled(off, ratio, ESNN_RATIO_BITS - p->width_shift)) >> p->width_shift;
}

/* The spikes of a layer, their records, and how many they are: those into the next, or the output. */
typedef struct {
    const esnn_event *event;
    const esnn_record *record;
    uint32_t count;
} esnn_own_spikes;

static inline esnn_own_spikes esnn_spikes_of(const esnn_learn *p, int32_t layer)
{
    const esnn_learn_layer *next = p->layer + layer + 1;

    if (layer + 1 == p->layers) {
        const esnn_own_spikes output = {p->output, p->output_record, esnn_last_layer(p)->outputs};

        return output;
    }
    const esnn_own_spikes hidden = {next->event, next->record, next->state->spikes};

    return hidden;
}

/* The spikes into a layer that charged a spike: numbers [first, end). */
typedef struct {
    uint32_t first, end;
} esnn_window;

static inline esnn_window esnn_window_of(const esnn_learn *p, const esnn_learn_layer *layer, const esnn_event *event,
                                         const esnn_record *record)
{
    const int32_t until = event->time + (p->ramps ? 0 : 1);
    const esnn_window window = {layer->start[record->previous + 1],
                                layer->start[until < p->ticks ? until : p->ticks]};

    return window;
}

#endif
