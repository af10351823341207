#include "edgesnn/arrange.h"
#include "edgesnn/tensor.h"

void esnn_reshape_bits(const uint32_t *x, int32_t channels, int32_t positions, int32_t out_channels, uint32_t *y)
{
    const int32_t words = ESNN_WORDS(channels), out_words = ESNN_WORDS(out_channels);
    const int32_t out_positions = channels * positions / out_channels;
    int32_t out_channel = 0, out_position = 0;

    for (int32_t i = 0; i < out_words * out_positions; i++) {
        y[i] = 0;
    }
    for (int32_t c = 0; c < channels; c++) {
        for (int32_t position = 0; position < positions; position++) {
            const uint32_t spike = (x[position * words + c / 32] >> (c % 32)) & 1u;

            y[out_position * out_words + out_channel / 32] |= spike << (out_channel % 32);
            if (++out_position == out_positions) {
                out_position = 0;
                out_channel++;
            }
        }
    }
}
