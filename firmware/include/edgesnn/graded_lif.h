/* The leaky neuron whose spikes count how often the threshold fits, one time step, for synaptic input a:
 *
 *     v = clip(decay(v, keep_voltage) + a + bias, -limit, limit)
 *     spike = clip(floor(v / threshold), 0, levels); then v -= spike * threshold
 *
 * decay(x, keep) = sgn(x) * ((|x| * keep) >> 12). The sum is proven to fit int32. The suffix names the types of input and
 * of state. Nothing overlaps.
 */
#ifndef EDGESNN_GRADED_LIF_H
#define EDGESNN_GRADED_LIF_H

#include <stdint.h>

#include "tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* threshold (> 0) and bias have the type of the state. keep_voltage is out of 4096. */
typedef struct {
    const void *threshold, *bias;
    int32_t limit;
    uint16_t positions, channels;
    uint16_t keep_voltage;
    uint8_t threshold_spread, bias_spread;
    uint8_t levels;
} esnn_graded_lif;

void esnn_graded_lif_i16_s16(const esnn_graded_lif *p, const int16_t *a, int16_t *v, int8_t *spikes);
void esnn_graded_lif_i16_s32(const esnn_graded_lif *p, const int16_t *a, int32_t *v, int8_t *spikes);
void esnn_graded_lif_i32_s16(const esnn_graded_lif *p, const int32_t *a, int16_t *v, int8_t *spikes);
void esnn_graded_lif_i32_s32(const esnn_graded_lif *p, const int32_t *a, int32_t *v, int8_t *spikes);

#ifdef __cplusplus
}
#endif

#endif
