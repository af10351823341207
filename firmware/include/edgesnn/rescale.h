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
    const void *multiplier, *offset;
    int32_t low, high;
    uint16_t positions, channels;
    uint8_t spread; /* of both */
    uint8_t shift;
    uint8_t clips; /* whether the limits can be reached */
} esnn_rescale;

/* The suffix names the types of x and y and those of multiplier and offset: p16 is int16_t for both, m16 int16_t and
 * int32_t, p32 int32_t for both. Multipliers are read from `first` on: those of a scale that changes with time lie one
 * step behind the other. */
void esnn_rescale_i16_i8_p16(const esnn_rescale *p, int32_t first, const int16_t *x, int8_t *y);
void esnn_rescale_i16_i16_p16(const esnn_rescale *p, int32_t first, const int16_t *x, int16_t *y);
void esnn_rescale_i16_i32_p16(const esnn_rescale *p, int32_t first, const int16_t *x, int32_t *y);
void esnn_rescale_i32_i8_p16(const esnn_rescale *p, int32_t first, const int32_t *x, int8_t *y);
void esnn_rescale_i32_i16_p16(const esnn_rescale *p, int32_t first, const int32_t *x, int16_t *y);
void esnn_rescale_i32_i32_p16(const esnn_rescale *p, int32_t first, const int32_t *x, int32_t *y);

void esnn_rescale_i16_i8_m16(const esnn_rescale *p, int32_t first, const int16_t *x, int8_t *y);
void esnn_rescale_i16_i16_m16(const esnn_rescale *p, int32_t first, const int16_t *x, int16_t *y);
void esnn_rescale_i16_i32_m16(const esnn_rescale *p, int32_t first, const int16_t *x, int32_t *y);
void esnn_rescale_i32_i8_m16(const esnn_rescale *p, int32_t first, const int32_t *x, int8_t *y);
void esnn_rescale_i32_i16_m16(const esnn_rescale *p, int32_t first, const int32_t *x, int16_t *y);
void esnn_rescale_i32_i32_m16(const esnn_rescale *p, int32_t first, const int32_t *x, int32_t *y);

void esnn_rescale_i16_i8_p32(const esnn_rescale *p, int32_t first, const int16_t *x, int8_t *y);
void esnn_rescale_i16_i16_p32(const esnn_rescale *p, int32_t first, const int16_t *x, int16_t *y);
void esnn_rescale_i16_i32_p32(const esnn_rescale *p, int32_t first, const int16_t *x, int32_t *y);
void esnn_rescale_i32_i8_p32(const esnn_rescale *p, int32_t first, const int32_t *x, int8_t *y);
void esnn_rescale_i32_i16_p32(const esnn_rescale *p, int32_t first, const int32_t *x, int16_t *y);
void esnn_rescale_i32_i32_p32(const esnn_rescale *p, int32_t first, const int32_t *x, int32_t *y);

/* One step on: *time stops at `last`. */
void esnn_advance(int16_t *time, int32_t last);

#ifdef __cplusplus
}
#endif

#endif
