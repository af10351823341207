/* Turning a complex number by an angle of the cosine table. */
#ifndef EDGESNN_FRONTEND_TURN_H
#define EDGESNN_FRONTEND_TURN_H

#include "edgesnn/speech.h"

#define ESNN_COSINE_BITS 14

/* floor(x / 2^14 + 1/2) */
static inline int32_t esnn_rounded(int64_t x)
{
    x += (int64_t)1 << (ESNN_COSINE_BITS - 1);
    if ((-1 >> 1) == -1) {
        return (int32_t)(x >> ESNN_COSINE_BITS);
    }
    return (int32_t)(x < 0 ? ~(~x >> ESNN_COSINE_BITS) : x >> ESNN_COSINE_BITS);
}

/* z times exp(-2 pi i k / points), 0 <= k <= points / 2 */
static inline esnn_complex esnn_turn(const int16_t *cosine, int32_t points, esnn_complex z, int32_t k)
{
    const int32_t from_quarter = k < points / 4 ? points / 4 - k : k - points / 4;
    const int64_t c = cosine[k], s = cosine[from_quarter];
    const esnn_complex turned = {esnn_rounded(z.re * c + z.im * s), esnn_rounded(z.im * c - z.re * s)};

    return turned;
}

#endif
