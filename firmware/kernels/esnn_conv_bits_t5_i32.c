#define NAME esnn_conv_bits_t5_i32
#define OUT int32_t
#define UOUT uint32_t
#include "conv_fives.inc"
