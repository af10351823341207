/* The threshold-adaptive encoder: ternary spikes that tell a signal's changes in steps whose height adapts. */
#ifndef EDGESNN_TAE_H
#define EDGESNN_TAE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Thresholds are in the unit of the samples; those of a channel stay within theta >> span_down (at least 1) and
 * theta << span_up (at most 65535). After `silence` silent steps (1..255) a threshold shrinks. */
typedef struct {
    int32_t channels;
    const uint16_t *theta;
    int32_t span_down, span_up, silence;
} esnn_tae;

/* One value a channel each: 6 bytes of memory a channel. */
typedef struct {
    int16_t *base;
    uint16_t *theta;
    int8_t *last;
    uint8_t *silent;
} esnn_tae_state;

/* Starts from the samples `first`, or from zero where it is NULL. */
void esnn_tae_start(const esnn_tae *p, const esnn_tae_state *s, const int16_t *first);

/* Spikes -1, 0, 1 of the next sample of every channel: emit, move the base, then adapt the threshold. */
void esnn_tae_step(const esnn_tae *p, const esnn_tae_state *s, const int16_t *x, int8_t *spikes);

#ifdef __cplusplus
}
#endif

#endif
