/* Signals of several channels, interleaved: every sample of all channels is a frame of features. */
#ifndef EDGESNN_CHANNELS_H
#define EDGESNN_CHANNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* reference: 1 takes the channels' mean, rounded toward zero, off each of them. */
typedef struct {
    int32_t channels, reference;
} esnn_channels;

/* features: one a channel. */
typedef struct {
    int16_t *features;
    int32_t filled;
} esnn_channels_state;

/* A new recording. */
void esnn_channels_reset(const esnn_channels *p, esnn_channels_state *s);

/* Takes values up to the last channel's: 1 and the frame in s->features, or 0 when all are taken. */
int esnn_channels_take(const esnn_channels *p, esnn_channels_state *s, const int16_t **samples, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
