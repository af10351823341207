/* y = clip((x * multiplier + offset) >> shift, low, high), rounding down. The sum is proven to fit int32.
 * y may be x where both have the same type. */
#ifndef EDGESNN_RESCALE_H
#define EDGESNN_RESCALE_H

#include <stdint.h>

#include "tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int32_t positions, channels;
    const int32_t *multiplier, *offset; /* with the same steps, see esnn_parameter */
    int32_t position_step, channel_step;
    int32_t shift;
    int32_t clips; /* whether the limits can be reached */
    int32_t low, high;
} esnn_rescale;

void esnn_rescale_i16_i8(const esnn_rescale *p, const int16_t *x, int8_t *y);
void esnn_rescale_i16_i16(const esnn_rescale *p, const int16_t *x, int16_t *y);
void esnn_rescale_i16_i32(const esnn_rescale *p, const int16_t *x, int32_t *y);
void esnn_rescale_i32_i8(const esnn_rescale *p, const int32_t *x, int8_t *y);
void esnn_rescale_i32_i16(const esnn_rescale *p, const int32_t *x, int16_t *y);
void esnn_rescale_i32_i32(const esnn_rescale *p, const int32_t *x, int32_t *y);

#ifdef __cplusplus
}
#endif

#endif
