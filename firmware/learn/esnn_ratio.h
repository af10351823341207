/* The arithmetic of learning: 16-bit factors, quotients by reciprocals, rounding to nearest. */
#ifndef EDGESNN_LEARN_RATIO_H
#define EDGESNN_LEARN_RATIO_H

#include <stdint.h>

#include "edgesnn/arith.h"

#define ESNN_ERROR_LIMIT 32767
#define ESNN_RATIO_BITS 12
#define ESNN_RATIO_ONE (1 << ESNN_RATIO_BITS)
#define ESNN_TIME_BITS 8 /* output times of std-ed are in 1/256 of a step */

/* 1 / x = r / 2^e, with 2^15 <= r <= 2^16. */
typedef struct {
    int32_t r, e;
} esnn_ratio;

/* 0 < x < 2^31: from a table of 256 entries and one step of Newton's method. */
esnn_ratio esnn_reciprocal(int32_t x);

/* x 2^up / the ratio's x, rounded, with x cut to its 15 leading bits; within +-32767. */
int32_t esnn_scaled(int32_t x, esnn_ratio by, int32_t up);

/* p, less 1 at the label, in units of 2^-12, for p proportional to 2^(score / 2^softness). rival: the score of one more
 * class, which is never the label and has no error. */
#define ESNN_NO_RIVAL INT32_MIN /* so far behind that nothing is left of it */
void esnn_softmax_errors(const int32_t *score, int32_t classes, int32_t label, int32_t softness, int32_t rival,
                         int16_t *error);

/* Bits of |x|, 0 for 0. */
static inline int32_t esnn_bit_length(int32_t x)
{
    uint32_t rest = x < 0 ? 0u - (uint32_t)x : (uint32_t)x;
#if defined(__GNUC__)
    return rest == 0u ? 0 : 32 - __builtin_clz(rest);
#else
    int32_t bits = 0;

    for (; rest != 0u; rest >>= 1) {
        bits++;
    }
    return bits;
#endif
}

/* x / 2^right, rounded to nearest, halves up; right 1..31. */
static inline int32_t esnn_rounded_shift(int32_t x, int32_t right)
{
    return esnn_floor_shift(esnn_floor_shift(x, right - 1) + 1, 1);
}

#endif
