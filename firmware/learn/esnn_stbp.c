/* stbp, the baseline: every potential near the threshold has an error, at every step, whether it fired or not. */
#include "esnn_learner.h"

/* Charges a layer's neurons with `drive`, keeps their potentials of this step, and lists those that fire. */
static uint32_t fire(const esnn_learn *p, const esnn_learn_layer *layer, uint16_t *list)
{
    const int32_t threshold = esnn_threshold(p, layer), limit = layer->limit, outputs = layer->outputs;
    const int32_t *const drive = p->drive;
    int32_t *const potential = layer->v, *const trail = layer->trail + p->state->time * outputs;
    uint32_t fired = 0;

    for (int32_t j = 0; j < outputs; j++) {
        const int32_t v = esnn_clip(potential[j] + drive[j], -limit, limit);

        potential[j] = v;
        trail[j] = v;
        if (v >= threshold) {
            (void)esnn_keep_spike(layer + 1, p->state->time, j);
            potential[j] = 0;
            list[fired++] = (uint16_t)j;
        }
    }
    return fired;
}

/* A step without input: potentials stay. */
static void rest(const esnn_learn *p, const esnn_learn_layer *layer)
{
    int32_t *const trail = layer->trail + p->state->time * layer->outputs;

    for (int32_t j = 0; j < layer->outputs; j++) {
        trail[j] = layer->v[j];
    }
}

void esnn_stbp_step(const esnn_learn *p, const uint16_t *list, uint32_t spikes)
{
    if (p->state->time >= p->ticks) {
        return;
    }
    esnn_keep_inputs(p, list, spikes);
    for (int32_t i = 0; i + 1 < p->layers; i++) {
        const esnn_learn_layer *const layer = p->layer + i;

        if (spikes != 0u) {
            esnn_drive(layer, list, spikes, p->drive);
            spikes = fire(p, layer, p->fired[i & 1]);
            list = p->fired[i & 1];
        } else {
            rest(p, layer);
        }
        layer[1].start[p->state->time + 1] = (uint16_t)layer[1].state->spikes;
    }
    esnn_sum_scores(p, list, spikes);
    p->state->time++;
}

void esnn_stbp_end(const esnn_learn *p)
{
    while (p->state->time < p->ticks) {
        esnn_stbp_step(p, NULL, 0);
    }
    p->state->ended = 1;
}

/* What the errors of a layer's potentials at a step make of the error of a spike into it. */
static int32_t onto_spike(const esnn_learn *p, int32_t layer, int32_t time, int32_t neuron)
{
    const esnn_learn_layer *const into = p->layer + layer;
    const int32_t outputs = into->outputs;
    const int8_t *const weight = into->weight + neuron * outputs;
    int32_t sum = 0;

    if (layer + 1 == p->layers) {
        for (int32_t k = 0; k < outputs; k++) {
            sum += into->last[k] * weight[k];
        }
    } else {
        const int32_t *const error = into->trail + time * outputs;

        for (int32_t k = 0; k < outputs; k++) {
            sum += error[k] * weight[k];
        }
    }
    p->state->tally.multiplies += (uint32_t)outputs;
    return sum;
}

/* Errors of a neuron's potentials in the place of the potentials, from the last step back: those of all later steps up
 * to a reset. */
static void onto_neuron(const esnn_learn *p, int32_t layer, int32_t neuron, esnn_ratio above, esnn_ratio own)
{
    const esnn_learn_layer *const into = p->layer + layer, *const from = into - 1;
    const int32_t last = layer + 1 == p->layers; /* whose errors are the same at all steps */
    const int32_t finer = last ? p->error_shift : 0, threshold = esnn_threshold(p, from);
    int32_t error = 0, later = 0, known = 0;

    for (int32_t t = p->ticks - 1; t >= 0; t--) {
        int32_t *const trail = from->trail + t * from->outputs + neuron;
        const int32_t excess = *trail - threshold, gain = esnn_surrogate(p, excess, threshold, own);

        if (excess >= 0) {
            later = 0;
        }
        if (gain > 0) {
            if (!last || !known) {
                error = esnn_scaled(onto_spike(p, layer, t, neuron), above, finer);
                known = 1;
            }
            later = esnn_cut(p, later + esnn_cut(p, error, gain), ESNN_RATIO_ONE);
        }
        *trail = later;
    }
}

int esnn_stbp_backward(const esnn_learn *p, int32_t label)
{
    const esnn_learn_layer *const last = esnn_last_layer(p);
    const uint64_t before = p->state->tally.multiplies;

    esnn_stbp_end(p);
    if (!esnn_begin_backward(p)) {
        return 0;
    }
    esnn_softmax_errors(p->score, last->outputs, label, p->softness, ESNN_NO_RIVAL, last->last);
    for (int32_t i = p->layers - 1; i > 0; i--) {
        const esnn_ratio above = esnn_reciprocal(esnn_threshold(p, p->layer + i));
        const esnn_ratio own = esnn_reciprocal(esnn_threshold(p, p->layer + i - 1));

        for (int32_t j = 0; j < p->layer[i].inputs; j++) {
            onto_neuron(p, i, j, above, own);
        }
    }
    p->state->tally.reads += p->state->tally.multiplies - before; /* a weight for each product */
    p->state->tally.reciprocals += 1u + 2u * ((uint32_t)p->layers - 1u);
    return 1;
}
