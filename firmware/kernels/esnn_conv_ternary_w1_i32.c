#define NAME esnn_conv_ternary_w1_i32
#define OUT int32_t
#define UOUT uint32_t
#define TERNARY
#include "conv_signs.inc"
