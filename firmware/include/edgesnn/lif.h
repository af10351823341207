/* Leaky integrate-and-fire neurons, one time step, for synaptic input a:
 *
 *     u = decay(u, keep_current) + a * 2^fraction_bits       current: only in the kernels that have one
 *     v = clip(decay(v, keep_voltage) + u + bias, -limit, limit)
 *     spike where v >= threshold; there v becomes v, 0 or v - drop: reset
 *
 * Every sum is proven to fit int32. decay(x, keep) = sgn(x) * ((|x| * keep) >> 12). esnn_integrate_* have no leak
 * (keep_voltage is not read).
 * The suffix names the types of input and of state. Spikes are packed and do not overlap the input.
 */
#ifndef EDGESNN_LIF_H
#define EDGESNN_LIF_H

#include <stdint.h>

#include "reset.h"
#include "rescaled.h"
#include "tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* threshold and bias have the type of the state, and spread as their spreads say. keep_* are out of 4096. strict is
 * threshold - drop: 1 if a potential at the nominal threshold stays silent, else 0. reset: an esnn_reset. */
typedef struct {
    const void *threshold, *bias;
    int32_t limit;
    uint16_t positions, channels;
    uint16_t keep_current, keep_voltage;
    uint8_t threshold_spread, bias_spread;
    uint8_t fraction_bits;
    uint8_t strict;
    uint8_t reset;
    esnn_rescaled rescaled; /* of the kernels that have one, with suffix r16 */
} esnn_lif;

void esnn_lif_i16_s16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_i16_s32(const esnn_lif *p, const int16_t *a, int32_t *v, uint32_t *spikes);
void esnn_lif_i32_s16(const esnn_lif *p, const int32_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_i32_s32(const esnn_lif *p, const int32_t *a, int32_t *v, uint32_t *spikes);

void esnn_lif_r16_s16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_r16_s32(const esnn_lif *p, const int16_t *a, int32_t *v, uint32_t *spikes);

void esnn_lif_current_i16_s16(const esnn_lif *p, const int16_t *a, int16_t *u, int16_t *v, uint32_t *spikes);
void esnn_lif_current_i16_s32(const esnn_lif *p, const int16_t *a, int32_t *u, int32_t *v, uint32_t *spikes);
void esnn_lif_current_i32_s16(const esnn_lif *p, const int32_t *a, int16_t *u, int16_t *v, uint32_t *spikes);
void esnn_lif_current_i32_s32(const esnn_lif *p, const int32_t *a, int32_t *u, int32_t *v, uint32_t *spikes);

void esnn_integrate_i16_s16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_integrate_i16_s32(const esnn_lif *p, const int16_t *a, int32_t *v, uint32_t *spikes);
void esnn_integrate_i32_s16(const esnn_lif *p, const int32_t *a, int16_t *v, uint32_t *spikes);
void esnn_integrate_i32_s32(const esnn_lif *p, const int32_t *a, int32_t *v, uint32_t *spikes);

/* Two at a time: only where all neurons share threshold and bias, and no potential reaches the limit, before a spike
 * either. half: keep_voltage is 2048, most: it is 2048 or more; there and in `simple` bias and fraction_bits are 0, and
 * reset is ESNN_RESET_ZERO. Those that are simple may reach a limit of 32767. */
void esnn_lif_i16_p16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_half_i16_p16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_most_i16_p16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_r16_p16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_half_r16_p16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_most_r16_p16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_integrate_i16_p16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_integrate_simple_i16_p16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);

#ifdef __cplusplus
}
#endif

#endif
