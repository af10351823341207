#include "edgesnn/pool.h"
#include "edgesnn/tensor.h"

void esnn_max_pool_bits(const esnn_window *s, const uint32_t *x, uint32_t *y)
{
    const int32_t words = ESNN_WORDS(s->channels);

    for (int32_t oy = 0; oy < s->out_height; oy++) {
        const esnn_span rows = esnn_span_of(oy * s->stride_y - s->pad_top, s->kernel_height, 1, s->height);

        for (int32_t ox = 0; ox < s->out_width; ox++) {
            const esnn_span columns = esnn_span_of(ox * s->stride_x - s->pad_left, s->kernel_width, 1, s->width);

            for (int32_t word = 0; word < words; word++) {
                uint32_t any = 0;

                for (int32_t i = 0; i < rows.taps; i++) {
                    const uint32_t *at = x + ((rows.at + i) * s->width + columns.at) * words + word;

                    for (int32_t j = 0; j < columns.taps; j++) {
                        any |= at[j * words];
                    }
                }
                *y++ = any;
            }
        }
    }
}
