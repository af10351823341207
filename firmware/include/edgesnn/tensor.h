/* How kernels see tensors.
 *
 * Every tensor is position-major: positions (height, then width), and within a position its channels. A vector is
 * one position. Spikes are packed: each position has ceil(channels / 32) words, lowest channel in the lowest bit,
 * unused bits zero. Ternary spikes are two such tensors, one behind the other: where they are +1, where -1. Other
 * tensors are arrays of int8_t, int16_t or int32_t.
 */
#ifndef EDGESNN_TENSOR_H
#define EDGESNN_TENSOR_H

#include <stdint.h>

/* Words that hold one position's spikes. */
#define ESNN_WORDS(channels) (((channels) + 31) / 32)

/* How a parameter of an elementwise operator spreads over positions and channels: one value for all, one a channel, or
 * one an element, position-major. Parameters have the narrowest of the types that a kernel's suffix or header names. */
enum { ESNN_ONE = 0, ESNN_CHANNEL = 1, ESNN_ELEMENT = 2 };

/* How far the values of neighbouring channels, and of neighbouring positions, are apart. */
static inline int32_t esnn_channel_step(int32_t spread)
{
    return spread != ESNN_ONE;
}

static inline int32_t esnn_position_step(int32_t spread, int32_t channels)
{
    return spread == ESNN_ELEMENT ? channels : 0;
}

#endif
