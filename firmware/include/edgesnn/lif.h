/* Leaky integrate-and-fire neurons, one time step, for synaptic input a:
 *
 *     u = decay(u, keep_current) + a * gain                    current: only in the kernels that have one
 *     v = clip(decay(v, keep_voltage) + u + bias, -limit, limit)
 *     spike where v >= threshold; there v becomes v, 0 or v - drop: reset
 *
 * Every sum is proven to fit int32. decay(x, keep) = sgn(x) * ((|x| * keep) >> 12). esnn_integrate_* have no leak (keep_voltage is not read).
 * The suffix names the types of input and of state. Spikes are packed and do not overlap the input.
 */
#ifndef EDGESNN_LIF_H
#define EDGESNN_LIF_H

#include <stdint.h>

#include "tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ESNN_RESET_NONE = 0, ESNN_RESET_ZERO = 1, ESNN_RESET_SUBTRACT = 2 } esnn_reset;

/* gain is 2^fraction_bits. strict is threshold - drop: 1 if a potential at the nominal threshold stays silent, else 0. */
typedef struct {
    int32_t positions, channels;
    esnn_parameter threshold, bias;
    int32_t gain;
    int32_t keep_current, keep_voltage;
    int32_t limit;
    int32_t strict;
    esnn_reset reset;
} esnn_lif;

void esnn_lif_i16_s16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_i16_s32(const esnn_lif *p, const int16_t *a, int32_t *v, uint32_t *spikes);
void esnn_lif_i32_s16(const esnn_lif *p, const int32_t *a, int16_t *v, uint32_t *spikes);
void esnn_lif_i32_s32(const esnn_lif *p, const int32_t *a, int32_t *v, uint32_t *spikes);

void esnn_lif_current_i16_s16(const esnn_lif *p, const int16_t *a, int16_t *u, int16_t *v, uint32_t *spikes);
void esnn_lif_current_i16_s32(const esnn_lif *p, const int16_t *a, int32_t *u, int32_t *v, uint32_t *spikes);
void esnn_lif_current_i32_s16(const esnn_lif *p, const int32_t *a, int16_t *u, int16_t *v, uint32_t *spikes);
void esnn_lif_current_i32_s32(const esnn_lif *p, const int32_t *a, int32_t *u, int32_t *v, uint32_t *spikes);

void esnn_integrate_i16_s16(const esnn_lif *p, const int16_t *a, int16_t *v, uint32_t *spikes);
void esnn_integrate_i16_s32(const esnn_lif *p, const int16_t *a, int32_t *v, uint32_t *spikes);
void esnn_integrate_i32_s16(const esnn_lif *p, const int32_t *a, int16_t *v, uint32_t *spikes);
void esnn_integrate_i32_s32(const esnn_lif *p, const int32_t *a, int32_t *v, uint32_t *spikes);

#ifdef __cplusplus
}
#endif

#endif
