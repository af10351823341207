/* Pooling: windows over the positions of each channel. x and y do not overlap. */
#ifndef EDGESNN_POOL_H
#define EDGESNN_POOL_H

#include <stdint.h>

#include "window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Logical or of spikes. */
void esnn_max_pool_bits(const esnn_window *s, const uint32_t *x, uint32_t *y);

/* Sums, modulo 2^8, 2^16 or 2^32: exact because the result is proven to fit. */
void esnn_sum_pool_i8(const esnn_window *s, const int8_t *x, int8_t *y);
void esnn_sum_pool_i16(const esnn_window *s, const int8_t *x, int16_t *y);
void esnn_sum_pool_i32(const esnn_window *s, const int8_t *x, int32_t *y);

#ifdef __cplusplus
}
#endif

#endif
