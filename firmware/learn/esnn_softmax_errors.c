#include "esnn_ratio.h"

#define FARTHEST 1024u /* sixteenths of a halving: nothing is left long before */

/* 2^(15 - k / 16) */
static const uint16_t power[16] = {
    32768, 31379, 30048, 28774, 27554, 26386, 25268, 24196, 23170, 22188, 21247, 20347, 19484, 18658, 17867, 17109,
};

/* 2^15 2^(-behind / 2^softness) */
static uint32_t weight(uint32_t behind, int32_t softness)
{
    uint32_t sixteenths;

    if (softness < 4) {
        sixteenths = (behind < 65536u ? behind : 65536u) << (4 - softness);
    } else {
        sixteenths = behind >> (softness - 4);
    }
    sixteenths = sixteenths < FARTHEST ? sixteenths : FARTHEST;
    return (uint32_t)power[sixteenths & 15u] >> (sixteenths >> 4 < 16u ? sixteenths >> 4 : 16u);
}

static int32_t largest(const int32_t *score, int32_t classes, int32_t rival)
{
    int32_t best = rival;

    for (int32_t k = 0; k < classes; k++) {
        best = score[k] > best ? score[k] : best;
    }
    return best;
}

void esnn_softmax_errors(const int32_t *score, int32_t classes, int32_t label, int32_t softness, int32_t rival,
                         int16_t *error)
{
    const int32_t best = largest(score, classes, rival);
    uint32_t sum = weight((uint32_t)best - (uint32_t)rival, softness);

    for (int32_t k = 0; k < classes; k++) {
        sum += weight((uint32_t)best - (uint32_t)score[k], softness);
    }
    const esnn_ratio total = esnn_reciprocal((int32_t)sum);
    const int32_t right = total.e - ESNN_RATIO_BITS;

    for (int32_t k = 0; k < classes; k++) {
        const uint32_t share = weight((uint32_t)best - (uint32_t)score[k], softness) * (uint32_t)total.r;

        error[k] = (int16_t)((int32_t)(((share >> (right - 1)) + 1u) >> 1) - (k == label ? ESNN_RATIO_ONE : 0));
    }
}
