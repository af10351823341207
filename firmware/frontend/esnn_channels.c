#include "edgesnn/channels.h"

void esnn_channels_reset(const esnn_channels *p, esnn_channels_state *s)
{
    (void)p;
    s->filled = 0;
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
    return 1;
}
