#include "edgesnn/arrange.h"
#include "edgesnn/tensor.h"

void esnn_concat_bits(const uint32_t *x, int32_t x_channels, const uint32_t *z, int32_t z_channels, int32_t positions,
                      uint32_t *y)
{
    const int32_t x_words = ESNN_WORDS(x_channels), z_words = ESNN_WORDS(z_channels);
    const int32_t words = ESNN_WORDS(x_channels + z_channels);
    const int32_t shift = x_channels % 32;

    for (int32_t position = 0; position < positions; position++) {
        for (int32_t i = 0; i < words; i++) {
            y[i] = i < x_words ? x[i] : 0u;
        }
        for (int32_t i = 0, at = x_channels / 32; i < z_words; i++, at++) {
            y[at] |= z[i] << shift;
            if (shift != 0 && at + 1 < words) {
                y[at + 1] |= z[i] >> (32 - shift);
            }
        }
        x += x_words;
        z += z_words;
        y += words;
    }
}
