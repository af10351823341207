/* The leaky neuron with ternary spikes, whose state is a code c of 8, 4 or 2 bits, one time step, for synaptic input a:
 *
 *     f = c * 2^fraction_bits
 *     v = f - sgn(f) * (|f| >> leak_shift) + a * multiplier              no leak where leak_shift is 0
 *     spike +1 where v >= threshold, -1 where v <= -threshold; there v becomes v, 0 or v - spike * threshold: reset
 *     c = v / 2^fraction_bits, rounded half away from zero, within +-(2^(bits-1) - 1)
 *
 * a * multiplier and v are proven to fit int32. The suffix names the type of the input and the width of the codes, which
 * are packed without gaps, lowest index in the lowest bits. Spikes (ternary, see tensor.h) do not overlap the input.
 */
#ifndef EDGESNN_TERNARY_LIF_H
#define EDGESNN_TERNARY_LIF_H

#include <stdint.h>

#include "reset.h"
#include "tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* threshold has the type of the input. reset: an esnn_reset. */
typedef struct {
    const int16_t *multiplier;
    const void *threshold;
    uint16_t positions, channels;
    uint8_t multiplier_spread, threshold_spread;
    uint8_t leak_shift;
    uint8_t fraction_bits;
    uint8_t reset;
} esnn_ternary_lif;

void esnn_ternary_lif_i16_c8(const esnn_ternary_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_ternary_lif_i16_c4(const esnn_ternary_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_ternary_lif_i16_c2(const esnn_ternary_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_ternary_lif_i32_c8(const esnn_ternary_lif *p, const int32_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_ternary_lif_i32_c4(const esnn_ternary_lif *p, const int32_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_ternary_lif_i32_c2(const esnn_ternary_lif *p, const int32_t *a, uint8_t *codes, uint32_t *spikes);

#ifdef __cplusplus
}
#endif

#endif
