#include "edgesnn/steps.h"

#include <stddef.h>

#include "edgesnn/arith.h"

void esnn_steps_reset(const esnn_steps *p, esnn_steps_state *s)
{
    for (int32_t c = 0; c < p->tae.channels; c++) {
        s->before[c] = 0;
        s->newest[c] = 0;
    }
    s->seen = 0;
    s->sent = 0;
    s->ready = 0;
    s->between = -1;
    esnn_tae_start(&p->tae, &s->tae, NULL);
}

void esnn_steps_add(const esnn_steps *p, esnn_steps_state *s, const int16_t *features)
{
    const int32_t half = ((int32_t)1 << p->gain_shift) >> 1;

    if (s->seen == p->frames) {
        return;
    }
    for (int32_t c = 0; c < p->tae.channels; c++) {
        const int32_t scaled = (features[c] - p->offset[c]) * p->gain[c];

        s->before[c] = s->newest[c];
        s->newest[c] = (int16_t)esnn_clip(esnn_floor_shift(scaled + half, p->gain_shift), -32768, 32767);
    }
    s->between = p->upsample == 2 ? 2 * s->seen - 1 : -1;
    s->ready = p->upsample * s->seen + 1;
    s->seen++;
    if (s->seen == p->frames) {
        esnn_steps_end(p, s);
    }
}

void esnn_steps_end(const esnn_steps *p, esnn_steps_state *s)
{
    s->ready = p->frames * p->upsample;
    s->seen = p->frames;
}

/* The mean of two frames takes the place of the one before, which nothing else needs any more. */
static const int16_t *mean(const esnn_steps *p, const esnn_steps_state *s)
{
    for (int32_t c = 0; c < p->tae.channels; c++) {
        s->before[c] = (int16_t)((s->before[c] + s->newest[c]) / 2);
    }
    return s->before;
}

int esnn_steps_next(const esnn_steps *p, esnn_steps_state *s, int8_t *spikes)
{
    if (s->sent == s->ready) {
        return 0;
    }
    esnn_tae_step(&p->tae, &s->tae, s->sent == s->between ? mean(p, s) : s->newest, spikes);
    s->sent++;
    return 1;
}
