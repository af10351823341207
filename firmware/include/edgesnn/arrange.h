/* Kernels that move values without computing: types, memory orders, channels. Nothing overlaps. */
#ifndef EDGESNN_ARRANGE_H
#define EDGESNN_ARRANGE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Spikes of int8 values, 0 and 1, in row-major order (channels, positions), packed. */
void esnn_pack_spikes(const int8_t *x, int32_t channels, int32_t positions, uint32_t *y);

/* The same of ternary spikes: -1, 0 and 1. */
void esnn_pack_ternary(const int8_t *x, int32_t channels, int32_t positions, uint32_t *y);

/* All bytes to zero. */
void esnn_clear(void *memory, uint32_t bytes);

/* Whether `kept` differs from x; then it is made equal. */
int esnn_renew(int8_t *kept, const int8_t *x, uint32_t size);

/* Packed spikes as an array of 0 and 1. */
void esnn_unpack_i8(const uint32_t *x, int32_t channels, int32_t positions, int8_t *y);
void esnn_unpack_i16(const uint32_t *x, int32_t channels, int32_t positions, int16_t *y);
void esnn_unpack_i32(const uint32_t *x, int32_t channels, int32_t positions, int32_t *y);

/* Ternary spikes as an array of -1, 0 and 1. */
void esnn_unpack_ternary_i8(const uint32_t *x, int32_t channels, int32_t positions, int8_t *y);
void esnn_unpack_ternary_i16(const uint32_t *x, int32_t channels, int32_t positions, int16_t *y);
void esnn_unpack_ternary_i32(const uint32_t *x, int32_t channels, int32_t positions, int32_t *y);

/* One array type to another; every value is proven to fit. */
void esnn_convert_i8_i16(const int8_t *x, int32_t size, int16_t *y);
void esnn_convert_i8_i32(const int8_t *x, int32_t size, int32_t *y);
void esnn_convert_i16_i8(const int16_t *x, int32_t size, int8_t *y);
void esnn_convert_i16_i32(const int16_t *x, int32_t size, int32_t *y);
void esnn_convert_i32_i8(const int32_t *x, int32_t size, int8_t *y);
void esnn_convert_i32_i16(const int32_t *x, int32_t size, int16_t *y);

/* The same row-major elements under another number of channels: both sides position-major. A row-major array is a
 * position-major one of one channel. */
void esnn_reshape_bits(const uint32_t *x, int32_t channels, int32_t positions, int32_t out_channels, uint32_t *y);
void esnn_reshape_i8(const int8_t *x, int32_t channels, int32_t positions, int32_t out_channels, int8_t *y);
void esnn_reshape_i16(const int16_t *x, int32_t channels, int32_t positions, int32_t out_channels, int16_t *y);
void esnn_reshape_i32(const int32_t *x, int32_t channels, int32_t positions, int32_t out_channels, int32_t *y);

/* The channels of x, then those of z, at each position: packed spikes, and arrays by bytes a position. */
void esnn_concat_bits(const uint32_t *x, int32_t x_channels, const uint32_t *z, int32_t z_channels, int32_t positions,
                      uint32_t *y);
void esnn_concat_bytes(const void *x, uint32_t x_bytes, const void *z, uint32_t z_bytes, int32_t positions, void *y);

#ifdef __cplusplus
}
#endif

#endif
