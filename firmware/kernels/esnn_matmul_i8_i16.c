#define NAME esnn_matmul_i8_i16
#define OUT int16_t
#define UOUT uint16_t
#include "matmul_i8.inc"
