/* Sums of synapses that a neuron rescales on their way in: its input is (a * multiplier + offset) >> shift, rounded down,
 * as of edgesnn/rescale.h; the sum is proven to fit int32, the result int16. */
#ifndef EDGESNN_RESCALED_H
#define EDGESNN_RESCALED_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* scale: three words for each two channels: both multipliers, int16_t, that of the even channel in the lower half; the
 * offset of the even channel; that of the odd one. An odd number of channels is filled up with 0. */
typedef struct {
    const uint32_t *scale;
    uint8_t shift;
} esnn_rescaled;

#ifdef __cplusplus
}
#endif

#endif
