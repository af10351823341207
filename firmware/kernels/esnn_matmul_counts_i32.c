#define NAME esnn_matmul_counts_i32
#define OUT int32_t
#include "matmul_counts.inc"
