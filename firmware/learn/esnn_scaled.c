#include "esnn_ratio.h"

int32_t esnn_scaled(int32_t x, esnn_ratio by, int32_t up)
{
    const int32_t bits = esnn_bit_length(x);
    const int32_t cut = bits > 15 ? bits - 15 : 0;
    const int32_t product = esnn_floor_shift(x, cut) * by.r;
    const int32_t right = by.e - up - cut;

    if (right > 31) {
        return 0;
    }
    if (right <= 0) { /* a product is 0 or at least 2^15 */
        return product == 0 ? 0 : product > 0 ? ESNN_ERROR_LIMIT : -ESNN_ERROR_LIMIT;
    }
    return esnn_clip(esnn_rounded_shift(product, right), -ESNN_ERROR_LIMIT, ESNN_ERROR_LIMIT);
}
