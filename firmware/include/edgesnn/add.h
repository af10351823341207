/* y = x + z, modulo 2^8, 2^16 or 2^32: exact because the sum is proven to fit. y may be x or z. */
#ifndef EDGESNN_ADD_H
#define EDGESNN_ADD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void esnn_add_i8(const int8_t *x, const int8_t *z, int32_t size, int8_t *y);
void esnn_add_i16(const int16_t *x, const int16_t *z, int32_t size, int16_t *y);
void esnn_add_i32(const int32_t *x, const int32_t *z, int32_t size, int32_t *y);

#ifdef __cplusplus
}
#endif

#endif
