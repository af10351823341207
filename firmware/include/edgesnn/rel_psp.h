/* ReL-PSP neurons, whose potential is a sum of their slope, which is a sum of synaptic input; one spike at most between
 * two resets. One time step, for synaptic input a:
 *
 *     w = min(v + slope, threshold)
 *     spike where w == threshold and v < threshold
 *     slope = slope + a where w < threshold; v = w
 *
 * Both sums are proven to fit int32. A neuron that has fired has v == threshold and slope > 0, stays so, and does not look
 * at its input. The suffix names the types of input and of states, which are no narrower: the slope is a sum of inputs.
 * Spikes are packed. Nothing overlaps.
 */
#ifndef EDGESNN_REL_PSP_H
#define EDGESNN_REL_PSP_H

#include <stdint.h>

#include "tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* threshold (> 0) has the type of the states. */
typedef struct {
    const void *threshold;
    uint16_t positions, channels;
    uint8_t threshold_spread;
} esnn_rel_psp;

void esnn_rel_psp_i16_s16(const esnn_rel_psp *p, const int16_t *a, int16_t *slope, int16_t *v, uint32_t *spikes);
void esnn_rel_psp_i16_s32(const esnn_rel_psp *p, const int16_t *a, int32_t *slope, int32_t *v, uint32_t *spikes);
void esnn_rel_psp_i32_s32(const esnn_rel_psp *p, const int32_t *a, int32_t *slope, int32_t *v, uint32_t *spikes);

#ifdef __cplusplus
}
#endif

#endif
