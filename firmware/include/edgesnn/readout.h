/* Readouts: one int32 score a class, which is also the state, and the decision. */
#ifndef EDGESNN_READOUT_H
#define EDGESNN_READOUT_H

#include <stdint.h>

#include "tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* score += 1 for each spike. */
void esnn_spike_count(const uint32_t *spikes, int32_t classes, int32_t *score);

/* score = horizon - *time at a class's first spike; *time counts the steps and stops at horizon. */
void esnn_first_spike(const uint32_t *spikes, int32_t classes, int32_t horizon, int32_t *score, int32_t *time);

/* 1 where no later first spike changes the decision: a class has its score, or *time has reached the horizon. */
int esnn_decided(const int32_t *score, int32_t classes, int32_t horizon, const int32_t *time);

typedef struct {
    const int32_t *bias;
    uint16_t classes;
    uint16_t keep; /* out of 4096 */
    uint8_t fraction_bits;
    uint8_t bias_spread;
} esnn_membrane;

/* score = decay(score, keep) + a * 2^fraction_bits + bias, proven to fit int32. */
void esnn_membrane_i16(const esnn_membrane *p, const int16_t *a, int32_t *score);
void esnn_membrane_i32(const esnn_membrane *p, const int32_t *a, int32_t *score);

/* Index of the largest score, ties to the lowest. */
int esnn_decide(const int32_t *score, int32_t classes);

#ifdef __cplusplus
}
#endif

#endif
