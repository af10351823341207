#define NAME esnn_matmul_i8_i32
#define OUT int32_t
#define UOUT uint32_t
#include "matmul_i8.inc"
