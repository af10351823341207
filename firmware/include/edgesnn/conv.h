/* Convolution (cross-correlation) and dense layers:
 *
 *     y[position][o] = bias[o] + sum over the window and its group's inputs of weight * x
 *
 * bias has out_channels values, or is NULL for none. Sums are taken modulo 2^16 or 2^32, whichever y has: the result is
 * exact because it is proven to fit. Rows are numbered (kernel_y, kernel_x, input of the group), row 0 first, and all
 * rows of group 0 come before those of group 1; a row holds the weights of the group's outputs. x and y do not overlap.
 *
 * Spiking inputs cost what they spike: only rows of active inputs are touched.
 */
#ifndef EDGESNN_CONV_H
#define EDGESNN_CONV_H

#include <stdint.h>

#include "window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Spikes, weights to 8 bits. A row is ceil(outputs / 4) words; byte o % 4 of word o / 4 (lowest byte first) is
 * weight + 128. */
void esnn_conv_bits_w8_i16(const esnn_window *s, const uint32_t *x, const uint32_t *weight, const int32_t *bias,
                           int16_t *y);
void esnn_conv_bits_w8_i32(const esnn_window *s, const uint32_t *x, const uint32_t *weight, const int32_t *bias,
                           int32_t *y);

/* Spikes, weights -1 and +1. A row is ceil(outputs / 32) words; a set bit is +1. Output o is bit
 * (o % 32) / 4 + 8 * {0, 2, 1, 3}[o % 4] of word o / 32, the order in which the bit-sliced counters come apart. Behind
 * each group's rows stands one row of zeros. */
void esnn_conv_bits_w1_i16(const esnn_window *s, const uint32_t *x, const uint32_t *weight, const int32_t *bias,
                           int16_t *y);
void esnn_conv_bits_w1_i32(const esnn_window *s, const uint32_t *x, const uint32_t *weight, const int32_t *bias,
                           int32_t *y);

/* int8 inputs, weights to 8 bits. A row is one int8_t an output. Zero inputs are skipped. */
void esnn_conv_i8_w8_i16(const esnn_window *s, const int8_t *x, const int8_t *weight, const int32_t *bias, int16_t *y);
void esnn_conv_i8_w8_i32(const esnn_window *s, const int8_t *x, const int8_t *weight, const int32_t *bias, int32_t *y);

#ifdef __cplusplus
}
#endif

#endif
