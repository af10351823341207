#include "edgesnn/arrange.h"
#include "edgesnn/tensor.h"
#include "pack.inc"

/* The spikes above and below zero of 32 values next to each other. */
static inline void esnn_pack_32(const uint8_t *x, uint32_t *plus, uint32_t *minus)
{
    const uint32_t gather = ESNN_GATHER;
    uint32_t any = 0, below = 0;

    *plus = *minus = 0;
    if (ESNN_MOSTLY(!esnn_any_of_32(x))) {
        return;
    }
    for (int32_t i = 0; i < 32; i += 4) {
        const uint32_t four = esnn_load_word(x + i);

        any = esnn_take_four(any, four, gather);
        below = esnn_take_four(below, four >> 7, gather);
    }
    *plus = any & ~below;
    *minus = below;
}

void esnn_pack_ternary(const int8_t *x, int32_t channels, int32_t positions, uint32_t *y)
{
    uint32_t *plus = y, *minus = y + positions * ESNN_WORDS(channels);

    for (int32_t position = 0; position < positions; position++) {
        const int8_t *at = x + position;
        int32_t left = channels;

        for (; positions == 1 && left >= 32; left -= 32, at += 32) {
            esnn_pack_32((const uint8_t *)at, plus++, minus++);
        }
        while (left > 0) {
            uint32_t above = 0, below = 0;

            for (int32_t lane = 0; lane < 32 && left > 0; lane++, left--, at += positions) {
                above |= (uint32_t)(*at > 0) << lane;
                below |= (uint32_t)(*at < 0) << lane;
            }
            *plus++ = above;
            *minus++ = below;
        }
    }
}
