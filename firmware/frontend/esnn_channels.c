#include "edgesnn/arith.h"
#include "edgesnn/channels.h"

void esnn_channels_reset(const esnn_channels *p, esnn_channels_state *s)
{
    (void)p;
    s->filled = 0;
}

/* At most 64 values of 16 bits: the sum fits. */
static void take_off_mean(int16_t *x, int32_t count)
{
    int32_t i, mean = 0;

    for (i = 0; i < count; i++) {
        mean += x[i];
    }
    mean /= count;
    for (i = 0; i < count; i++) {
        x[i] = (int16_t)esnn_clip(x[i] - mean, INT16_MIN, INT16_MAX);
    }
}

int esnn_channels_take(const esnn_channels *p, esnn_channels_state *s, const int16_t **samples, size_t *count)
{
    while (s->filled < p->channels && *count > 0) {
        s->features[s->filled++] = *(*samples)++;
        (*count)--;
    }
    if (s->filled < p->channels) {
        return 0;
    }
    s->filled = 0;
    if (p->reference) {
        take_off_mean(s->features, p->channels);
    }
    return 1;
}
