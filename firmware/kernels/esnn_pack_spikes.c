#include "edgesnn/arrange.h"
#include "pack.inc"

/* The spikes of 32 values next to each other. */
static inline uint32_t esnn_pack_32(const uint8_t *x)
{
    const uint32_t gather = ESNN_GATHER;
    uint32_t word = 0;

    if (ESNN_MOSTLY(!esnn_any_of_32(x))) {
        return 0;
    }
    for (int32_t i = 0; i < 32; i += 4) {
        word = esnn_take_four(word, esnn_load_word(x + i), gather);
    }
    return word;
}

void esnn_pack_spikes(const int8_t *x, int32_t channels, int32_t positions, uint32_t *y)
{
    for (int32_t position = 0; position < positions; position++) {
        const int8_t *at = x + position;
        int32_t left = channels;

        for (; positions == 1 && left >= 32; left -= 32, at += 32) {
            *y++ = esnn_pack_32((const uint8_t *)at);
        }
        while (left > 0) {
            uint32_t word = 0;

            for (int32_t lane = 0; lane < 32 && left > 0; lane++, left--, at += positions) {
                word |= (uint32_t)(*at & 1) << lane;
            }
            *y++ = word;
        }
    }
}
