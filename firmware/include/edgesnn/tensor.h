/* How kernels see tensors.
 *
 * Every tensor is position-major: positions (height, then width), and within a position its channels. A vector is
 * one position. Spikes are packed: each position has ceil(channels / 32) words, lowest channel in the lowest bit,
 * unused bits zero. Other tensors are arrays of int8_t, int16_t or int32_t.
 */
#ifndef EDGESNN_TENSOR_H
#define EDGESNN_TENSOR_H

#include <stdint.h>

/* Words that hold one position's spikes. */
#define ESNN_WORDS(channels) (((channels) + 31) / 32)

/* A parameter of an elementwise operator: the value of (position, channel) is
 * values[position * position_step + channel * channel_step]. One value for all: steps 0 and 0; one a channel: 0 and 1;
 * one an element: the number of channels and 1. */
typedef struct {
    const int32_t *values;
    int32_t position_step;
    int32_t channel_step;
} esnn_parameter;

#endif
