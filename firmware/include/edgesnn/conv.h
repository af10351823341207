/* Convolution (cross-correlation) and dense layers:
 *
 *     y[position][o] = bias[o] + sum over the window and its group's inputs of weight * x
 *
 * bias has out_channels values of the type of y, or is NULL for none. Sums are taken modulo 2^16 or 2^32, whichever y has: the result is
 * exact because it is proven to fit. x and y do not overlap. Inputs that are 0 cost next to nothing: only the weight
 * rows of the others are touched, but for p16.
 *
 * The suffix names the inputs (spikes packed in bits, ternary spikes, int8), the weights, and y. Weights of b bits are
 * codes c in two's complement, or without zero (`doubled`) the odd numbers 2 c + 1, as 1-bit weights always are. They are
 * packed without gaps: rows are numbered (kernel_y, kernel_x, input of the group), row 0 first, and all rows of group 0
 * come before those of group 1; a row holds the weights of the group's outputs. Stored is c + 2^(b-1), but c for int8
 * inputs and 8 bits.
 *
 *     w8, w4, w2  Output o of a row is at bit b o, lowest bit first. Outputs that do not fill a byte are tails.
 *     w1          The same. But each 32 outputs have the order in which bit-sliced counters come apart: output o of
 *                 them is bit o / 4 + 8 * {0, 2, 1, 3}[o % 4]. Behind the rows of all groups stands one row of zeros.
 *     t5          Weights -1, 0, +1: five to a byte, ceil(256 t / 243) of the number t whose digits of base 3 are
 *                 weight + 1, the first output's the highest. Outputs that do not make five are tails of 2 bits;
 *                 but r of them fill a byte of their own, as if zeros followed, where (4 - r) 256 <= outputs: that
 *                 costs at most 0.5 % and is faster.
 *
 *     p16         For windows of one group and no dilation in x, of int8 inputs that lie in up to three words of four, each
 *                 line of the window beginning one: 12 weights of 16 bits for each output, aligned to words, in each word
 *                 those of inputs 0, 2, 1, 3; 0 where no input is. No rows, no tails; `doubled` is not used. Inputs that
 *                 are 0 cost as much as others on cores with the DSP instructions.
 *
 * Behind the rows stand the tails, as one string of fields: row by row of all groups, lowest bit first. Kernels read
 * words from every byte of a row, and two bytes at every field of 2 bits: what follows up to three bytes behind the rows
 * and one behind the tails is read, but does not matter.
 */
#ifndef EDGESNN_CONV_H
#define EDGESNN_CONV_H

#include <stdint.h>

#include "window.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    esnn_window window;
    uint16_t doubled; /* 1 for weights without zero, else 0 */
    const uint8_t *weight;
    const void *bias;
} esnn_synapse;

void esnn_conv_bits_w8_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_bits_w8_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_bits_w4_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_bits_w4_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_bits_w2_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_bits_w2_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_bits_w1_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_bits_w1_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_bits_t5_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_bits_t5_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_ternary_w8_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_ternary_w8_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_ternary_w4_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_ternary_w4_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_ternary_w2_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_ternary_w2_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_ternary_w1_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_ternary_w1_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_ternary_t5_i16(const esnn_synapse *p, const uint32_t *x, int16_t *y);
void esnn_conv_ternary_t5_i32(const esnn_synapse *p, const uint32_t *x, int32_t *y);

void esnn_conv_i8_w8_i16(const esnn_synapse *p, const int8_t *x, int16_t *y);
void esnn_conv_i8_w8_i32(const esnn_synapse *p, const int8_t *x, int32_t *y);

void esnn_conv_i8_w4_i16(const esnn_synapse *p, const int8_t *x, int16_t *y);
void esnn_conv_i8_w4_i32(const esnn_synapse *p, const int8_t *x, int32_t *y);

void esnn_conv_i8_w2_i16(const esnn_synapse *p, const int8_t *x, int16_t *y);
void esnn_conv_i8_w2_i32(const esnn_synapse *p, const int8_t *x, int32_t *y);

void esnn_conv_i8_w1_i16(const esnn_synapse *p, const int8_t *x, int16_t *y);
void esnn_conv_i8_w1_i32(const esnn_synapse *p, const int8_t *x, int32_t *y);

void esnn_conv_i8_t5_i16(const esnn_synapse *p, const int8_t *x, int16_t *y);
void esnn_conv_i8_t5_i32(const esnn_synapse *p, const int8_t *x, int32_t *y);

void esnn_conv_i8_p16_i16(const esnn_synapse *p, const int8_t *x, int16_t *y);
void esnn_conv_i8_p16_i32(const esnn_synapse *p, const int8_t *x, int32_t *y);

#ifdef __cplusplus
}
#endif

#endif
