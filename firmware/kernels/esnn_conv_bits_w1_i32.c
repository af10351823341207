#define NAME esnn_conv_bits_w1_i32
#define OUT int32_t
#define UOUT uint32_t
#include "conv_signs.inc"
