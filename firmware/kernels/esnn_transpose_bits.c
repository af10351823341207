#include "edgesnn/matmul.h"
#include "edgesnn/tensor.h"

#include "slice.inc"

void esnn_transpose_bits(const uint32_t *x, int32_t groups, int32_t rows, int32_t columns, uint32_t *y)
{
    const int32_t words = ESNN_WORDS(groups * rows), out_words = ESNN_WORDS(groups * columns);

    for (int32_t i = 0; i < rows * out_words; i++) {
        y[i] = 0;
    }
    for (int32_t column = 0; column < columns; column++, x += words) {
        for (int32_t group = 0; group < groups; group++) {
            const int32_t first = group * rows, last = first + rows, to = group * columns + column;

            for (int32_t at = first & ~31; at < last; at += 32) {
                for (uint32_t active = esnn_slice_word(x, at, first, last); active != 0u; active &= active - 1u) {
                    const int32_t row = at - first + (int32_t)esnn_lowest_bit(active);

                    y[row * out_words + to / 32] |= (uint32_t)1 << (to % 32);
                }
            }
        }
    }
}
