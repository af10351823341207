/* Networks of any shape through the runtime that learns. Each comes on standard input as 32-bit integers: rule, layers,
 * its constants, then layer by layer sizes, constants and first weights, then samples; what was learned goes to
 * standard output. All memory is on the heap and just as large as it must be, so that the sanitizer sees every byte
 * beyond. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edgesnn/learn.h"
#include "edgesnn/readout.h"

#define INFER (-1)

typedef struct {
    void (*step)(const esnn_learn *, const uint16_t *, uint32_t);
    void (*end)(const esnn_learn *);
    int (*backward)(const esnn_learn *, int32_t);
    void (*update)(const esnn_learn *);
} rule;

static const rule rules[] = {
    {esnn_std_ed_step, esnn_std_ed_end, esnn_std_ed_backward, esnn_learn_update},
    {esnn_mpd_ed_step, esnn_mpd_ed_end, esnn_mpd_ed_backward, esnn_learn_update},
    {esnn_stdbp_step, esnn_stdbp_end, esnn_stdbp_backward, esnn_learn_update},
    {esnn_stbp_step, esnn_stbp_end, esnn_stbp_backward, esnn_stbp_update},
};

static int32_t next(void)
{
    int32_t value = 0;

    if (fread(&value, sizeof value, 1, stdin) != 1) {
        exit(2);
    }
    return value;
}

static void put(int64_t value)
{
    fwrite(&value, sizeof value, 1, stdout);
}

static void *some(size_t count, size_t size)
{
    void *memory = malloc(count * size);

    memset(memory, 0xa5, count * size); /* nothing may count on zeros, but traces */
    return memory;
}

static void read_layer(esnn_learn_layer *layer, int ticks, int stochastic)
{
    layer->inputs = (uint16_t)next();
    layer->outputs = (uint16_t)next();
    layer->room = (uint16_t)next();
    layer->most = (uint16_t)next();
    layer->limit = next();
    layer->threshold = next();
    layer->low = next();
    layer->high = next();
    layer->rate_unit = next();
    const int rises = next(), trailing = next(), recorded = next();
    const size_t weights = (size_t)layer->inputs * layer->outputs;
    int8_t *const first = some(weights, 1);
    for (size_t i = 0; i < weights; i++) {
        first[i] = (int8_t)next();
    }
    layer->first = first;
    layer->weight = some(weights, 1);
    layer->master = stochastic ? NULL : some(weights, 2);
    layer->v = some(layer->outputs, 4);
    layer->rise = rises ? some(layer->outputs, 4) : NULL;
    layer->last = some(layer->outputs, 2);
    layer->trail = trailing ? some((size_t)ticks * layer->outputs, 4) : NULL;
    layer->event = some(layer->room, sizeof(esnn_event));
    layer->record = recorded ? some(layer->room, sizeof(esnn_record)) : NULL;
    layer->start = some((size_t)ticks + 1, 2);
    layer->state = some(1, sizeof(esnn_learn_layer_state));
}

static void read_network(esnn_learn *p, esnn_learn_layer *layer, int stochastic)
{
    p->ramps = (uint8_t)next();
    p->fades = (uint8_t)next();
    p->unit_bits = (uint8_t)next();
    p->rate_shift = (uint8_t)next();
    p->hidden_rate_shift = (uint8_t)next();
    p->error_shift = (uint8_t)next();
    p->softness = (uint8_t)next();
    p->kernel_shift = (uint8_t)next();
    p->width_shift = (uint8_t)next();
    p->adapt_shift = (uint8_t)next();
    p->ticks = (uint16_t)next();
    p->rate_target = next();
    p->halve_every = (uint32_t)next();
    p->seed = (uint32_t)next();
    const size_t widest = (size_t)next();
    for (int i = 0; i < p->layers; i++) {
        read_layer(layer + i, p->ticks, stochastic);
    }
    const size_t classes = layer[p->layers - 1].outputs;
    p->layer = layer;
    p->fired[0] = some(widest, 2);
    p->fired[1] = some(widest, 2);
    p->drive = some(widest, 4);
    p->trace = calloc(widest, 2);
    p->touched = some(widest, 2);
    p->output = some(classes, sizeof(esnn_event));
    p->output_record = some(classes, sizeof(esnn_record));
    p->score = some(classes, 4);
    p->state = some(1, sizeof(esnn_learn_state));
}

/* A label, or INFER; then step by step how many spikes there are, and which. */
static void sample(const esnn_learn *p, const rule *with, uint16_t *list)
{
    const int32_t label = next();

    esnn_learn_reset(p);
    for (int t = 0; t < p->ticks; t++) {
        const uint32_t spikes = (uint32_t)next();

        for (uint32_t i = 0; i < spikes; i++) {
            list[i] = (uint16_t)next();
        }
        with->step(p, list, spikes);
    }
    with->end(p);
    put(esnn_decide(p->score, p->layer[p->layers - 1].outputs));
    if (label != INFER) {
        (void)with->backward(p, label);
        with->update(p);
    }
}

static void tell(const esnn_learn *p)
{
    const esnn_tally *const t = &p->state->tally;

    for (int i = 0; i < p->layers; i++) {
        const esnn_learn_layer *const layer = p->layer + i;

        for (int32_t w = 0; w < layer->inputs * layer->outputs; w++) {
            put(layer->weight[w]);
            put(layer->master == NULL ? 0 : layer->master[w]);
        }
        put(layer->state->fine);
        put(layer->state->running);
    }
    const uint64_t counts[] = {t->samples, t->learned, t->overruns, t->adds, t->reciprocals,
                               t->multiplies, t->updates, t->saturated, t->steep, t->events,
                               t->records, t->reads, t->clipped};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        put((int64_t)counts[i]);
    }
}

static void network(void)
{
    const rule *const with = rules + next();
    const int layers = next(), stochastic = next();
    esnn_learn_layer *const layer = calloc((size_t)layers, sizeof *layer);
    esnn_learn p = {.layers = (uint8_t)layers};

    read_network(&p, layer, stochastic);
    uint16_t *const list = some(layer[0].inputs, 2);
    esnn_learn_start(&p);
    for (int32_t samples = next(); samples > 0; samples--) {
        sample(&p, with, list);
    }
    tell(&p);
}

int main(void)
{
    for (int32_t networks = next(); networks > 0; networks--) {
        network(); /* what it took is given back at the end, by the system */
    }
    return 0;
}
