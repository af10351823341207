#define NAME esnn_matmul_counts_i16
#define OUT int16_t
#include "matmul_counts.inc"
