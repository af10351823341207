#include "edgesnn/arrange.h"

void esnn_pack_spikes(const int8_t *x, int32_t channels, int32_t positions, uint32_t *y)
{
    for (int32_t position = 0; position < positions; position++) {
        for (int32_t c = 0; c < channels; c += 32) {
            uint32_t word = 0;

            for (int32_t lane = 0; lane < 32 && c + lane < channels; lane++) {
                if (x[(c + lane) * positions + position] != 0) {
                    word |= (uint32_t)1 << lane;
                }
            }
            *y++ = word;
        }
    }
}
