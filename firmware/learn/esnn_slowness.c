#include "esnn_learner.h"

int32_t esnn_slowness(const esnn_learn *p, int32_t threshold, int32_t slope)
{
    const int32_t shifted = threshold >> (ESNN_SLOPE_SHIFT + p->unit_bits);
    const int32_t least = shifted > 1 ? shifted : 1;

    p->state->tally.steep += slope < least;
    p->state->tally.reciprocals++;
    return esnn_scaled(threshold, esnn_reciprocal(slope < least ? least : slope), ESNN_RATIO_BITS - p->unit_bits);
}
