#include "edgesnn/arrange.h"
#include "edgesnn/tensor.h"

void esnn_pack_ternary(const int8_t *x, int32_t channels, int32_t positions, uint32_t *y)
{
    uint32_t *const negative = y + positions * ESNN_WORDS(channels);
    int32_t at = 0;

    for (int32_t position = 0; position < positions; position++) {
        for (int32_t c = 0; c < channels; c += 32, at++) {
            uint32_t plus = 0, minus = 0;

            for (int32_t lane = 0; lane < 32 && c + lane < channels; lane++) {
                const int32_t value = x[(c + lane) * positions + position];

                plus |= (uint32_t)(value > 0) << lane;
                minus |= (uint32_t)(value < 0) << lane;
            }
            y[at] = plus;
            negative[at] = minus;
        }
    }
}
