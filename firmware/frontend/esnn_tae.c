#include "edgesnn/tae.h"

#include <stddef.h>

#define THETA_MAX 65535u

void esnn_tae_start(const esnn_tae *p, const esnn_tae_state *s, const int16_t *first)
{
    for (int32_t c = 0; c < p->channels; c++) {
        s->base[c] = (int16_t)(first != NULL ? first[c] : 0);
        s->theta[c] = p->theta[c];
        s->last[c] = 0;
        s->silent[c] = 0;
    }
}

static uint16_t grown(const esnn_tae *p, int32_t c, uint32_t theta)
{
    uint32_t limit = (uint32_t)p->theta[c] << p->span_up;

    limit = limit < THETA_MAX ? limit : THETA_MAX;
    theta += theta >> 1;
    return (uint16_t)(theta < limit ? theta : limit);
}

static uint16_t shrunk(const esnn_tae *p, int32_t c, uint32_t theta)
{
    uint32_t limit = (uint32_t)p->theta[c] >> p->span_down;

    limit = limit > 1u ? limit : 1u;
    theta -= theta >> 2;
    return (uint16_t)(theta > limit ? theta : limit);
}

static void adapt_silent(const esnn_tae *p, const esnn_tae_state *s, int32_t c)
{
    uint8_t silent = (uint8_t)(s->silent[c] + 1u);

    if (silent == p->silence) {
        s->theta[c] = shrunk(p, c, s->theta[c]);
        silent = 0;
    }
    s->silent[c] = silent;
}

static void adapt_fired(const esnn_tae *p, const esnn_tae_state *s, int32_t c, int8_t spike)
{
    if (spike == s->last[c]) {
        s->theta[c] = grown(p, c, s->theta[c]);
    } else if (s->last[c] != 0) {
        s->theta[c] = shrunk(p, c, s->theta[c]);
    }
    s->last[c] = spike;
    s->silent[c] = 0;
}

void esnn_tae_step(const esnn_tae *p, const esnn_tae_state *s, const int16_t *x, int8_t *spikes)
{
    for (int32_t c = 0; c < p->channels; c++) {
        const int32_t theta = s->theta[c];
        const int32_t difference = x[c] - s->base[c];
        const int8_t spike = (int8_t)((difference > theta) - (difference < -theta));

        spikes[c] = spike;
        if (spike == 0) {
            adapt_silent(p, s, c);
        } else {
            s->base[c] = (int16_t)(s->base[c] + spike * theta); /* never beyond x */
            adapt_fired(p, s, c, spike);
        }
    }
}
