#include "edgesnn/speech.h"

#include "edgesnn/arith.h"

#define WHOLE 256u
#define WINDOW_BITS 15

void esnn_speech_reset(const esnn_speech *p, esnn_speech_state *s)
{
    (void)p;
    s->held[0] = 0;
    s->filled = 1;
}

/* A sample of the window after pre-emphasis and weighting; zeros behind it. */
static int32_t shaped(const esnn_speech *p, const esnn_speech_state *s, int32_t n)
{
    if (n >= p->length) {
        return 0;
    }
    const int32_t before = s->held[n], now = s->held[n + 1];
    const int32_t half = 1 << (p->preemphasis_shift - 1); /* rounded: a bias of one half would fill the low bands */
    const int32_t emphasised = now - before + esnn_floor_shift(before + half, p->preemphasis_shift);

    return esnn_floor_shift(emphasised * p->window[n] + (1 << (WINDOW_BITS - 1)), WINDOW_BITS);
}

/* One pass over the bins: a segment feeds the band that rises in it and the one that falls. */
static void sum_bands(const esnn_speech *p, const esnn_speech_state *s)
{
    const uint64_t floor = (uint64_t)1 << p->floor_bits;
    uint64_t rising = 0, falling = 0;
    int32_t segment = 0;

    for (int32_t bin = 0; segment <= p->bands; bin++) {
        const int32_t last = bin > p->points / 2;
        const int32_t wanted = last ? p->bands + 1 : p->segments[bin];

        while (segment < wanted) {
            if (segment > 0) {
                s->features[segment - 1] = esnn_log2(falling + floor);
            }
            falling = rising;
            rising = 0;
            segment++;
        }
        if (segment <= p->bands) {
            const uint64_t power = esnn_power(p->cosine, p->points, s->work, bin);

            rising += power * p->weights[bin];
            falling += power * (WHOLE - p->weights[bin]);
        }
    }
}

int esnn_speech_take(const esnn_speech *p, esnn_speech_state *s, const int16_t **samples, size_t *count)
{
    while (s->filled <= p->length && *count > 0) {
        s->held[s->filled++] = *(*samples)++;
        (*count)--;
    }
    if (s->filled <= p->length) {
        return 0;
    }
    for (int32_t i = 0; i < p->points / 2; i++) {
        s->work[i].re = shaped(p, s, 2 * i);
        s->work[i].im = shaped(p, s, 2 * i + 1);
    }
    esnn_fft(p->cosine, p->points, s->work);
    sum_bands(p, s);
    s->filled -= p->step;
    for (int32_t n = 0; n < s->filled; n++) {
        s->held[n] = s->held[n + p->step];
    }
    return 1;
}
