#include "esnn_learner.h"

int16_t esnn_cut(const esnn_learn *p, int32_t error, int32_t gain)
{
    const int32_t product = esnn_rounded_shift(error * gain, ESNN_RATIO_BITS);
    const int32_t kept = esnn_clip(product, -ESNN_ERROR_LIMIT, ESNN_ERROR_LIMIT);

    p->state->tally.saturated += kept != product;
    return (int16_t)kept;
}
