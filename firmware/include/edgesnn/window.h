/* Windows that slide over the positions of a tensor: what convolution and pooling share. */
#ifndef EDGESNN_WINDOW_H
#define EDGESNN_WINDOW_H

#include <stdint.h>

#include "arith.h"

/* Sizes and attributes; padding is silent. A sequence has height 1; a dense layer is one window over all positions.
 * Pooling has as many outputs as inputs, dilation 1, and groups 1. */
typedef struct {
    uint16_t height, width, channels;
    uint16_t out_height, out_width, out_channels;
    uint16_t kernel_height, kernel_width;
    uint16_t stride_y, stride_x;
    uint16_t dilation_y, dilation_x;
    uint16_t pad_top, pad_left;
    uint16_t groups;
} esnn_window;

/* The part of a window along one axis that lies inside the tensor: first tap, number of taps, coordinate of the first. */
typedef struct {
    int32_t tap, taps, at;
} esnn_span;

/* The span of a window of `kernel` taps that starts at coordinate `start` of an axis of `size`. */
static inline esnn_span esnn_span_of(int32_t start, int32_t kernel, int32_t dilation, int32_t size)
{
    esnn_span span = {0, kernel, start};
    int32_t last = start + (kernel - 1) * dilation;

    for (; !ESNN_MOSTLY(span.at >= 0) && span.taps > 0; span.taps--) {
        span.at += dilation;
        span.tap++;
    }
    for (; !ESNN_MOSTLY(last < size) && span.taps > 0; span.taps--) {
        last -= dilation;
    }
    return span;
}

#endif
