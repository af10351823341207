/* From feature vectors to the spikes of time steps: normalised, interpolated, encoded; missing ones are held. */
#ifndef EDGESNN_STEPS_H
#define EDGESNN_STEPS_H

#include <stdint.h>

#include "tae.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A feature becomes (feature - offset) * gain >> gain_shift, rounded half up, held to int16. A recording has `frames`
 * feature vectors, each `upsample` (1 or 2) time steps; with 2, the step between two frames is their mean. */
typedef struct {
    int32_t frames, upsample;
    const int16_t *offset, *gain;
    int32_t gain_shift;
    esnn_tae tae;
} esnn_steps;

/* before, newest: features of the last two frames, one a channel each. */
typedef struct {
    int16_t *before, *newest;
    esnn_tae_state tae;
    int32_t seen; /* frames */
    int32_t sent; /* steps */
    int32_t ready; /* steps that are known */
    int32_t between; /* the step that is the mean of two frames, -1 where none is known */
} esnn_steps_state;

/* A new recording. */
void esnn_steps_reset(const esnn_steps *p, esnn_steps_state *s);

/* Takes the next frame's features, one a channel, once esnn_steps_next has given 0; more than `frames` are dropped. */
void esnn_steps_add(const esnn_steps *p, esnn_steps_state *s, const int16_t *features);

/* The recording has ended: the last features are held for all steps that are missing. */
void esnn_steps_end(const esnn_steps *p, esnn_steps_state *s);

/* 1 and the spikes of the next time step, or 0 where it needs another frame or all have been given. */
int esnn_steps_next(const esnn_steps *p, esnn_steps_state *s, int8_t *spikes);

#ifdef __cplusplus
}
#endif

#endif
