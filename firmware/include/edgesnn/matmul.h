/* Products of two matrices of activity, for each of some groups (heads):
 *
 *     y[column][group][row] = sum over k of A[group][row][k] * B[group][k][column]
 *
 * A matrix lies position-major: its columns are positions, its rows the channels of a group, unless it is transposed;
 * then rows are positions. Sums are proven to fit. Nothing overlaps.
 */
#ifndef EDGESNN_MATMUL_H
#define EDGESNN_MATMUL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A has `rows` rows and `inner` columns, B `inner` rows and `columns` columns, as they are multiplied. */
typedef struct {
    uint16_t groups, rows, inner, columns;
    uint8_t transpose_a, transpose_b; /* whether x and z hold the transpose */
} esnn_matmul;

/* Spikes; z holds the transpose of B, so that the summed axis is positions on both sides. Each pair of spikes that meet
 * costs one count, silence next to nothing. */
void esnn_matmul_events_i16(const esnn_matmul *p, const uint32_t *x, const uint32_t *z, int16_t *y);
void esnn_matmul_events_i32(const esnn_matmul *p, const uint32_t *x, const uint32_t *z, int32_t *y);

/* Spikes; x holds the transpose of A, so that the summed axis is channels on both sides. Coincidences are counted two words
 * at a time, whatever the spikes. */
void esnn_matmul_counts_i16(const esnn_matmul *p, const uint32_t *x, const uint32_t *z, int16_t *y);
void esnn_matmul_counts_i32(const esnn_matmul *p, const uint32_t *x, const uint32_t *z, int32_t *y);

/* int8 values; those of z that are zero cost little. */
void esnn_matmul_i8_i16(const esnn_matmul *p, const int8_t *x, const int8_t *z, int16_t *y);
void esnn_matmul_i8_i32(const esnn_matmul *p, const int8_t *x, const int8_t *z, int32_t *y);

/* Packed spikes of groups of matrices, rows as channels, with rows and columns exchanged within each group. */
void esnn_transpose_bits(const uint32_t *x, int32_t groups, int32_t rows, int32_t columns, uint32_t *y);

#ifdef __cplusplus
}
#endif

#endif
