#define NAME esnn_conv_ternary_t5_i32
#define OUT int32_t
#define UOUT uint32_t
#define TERNARY
#include "conv_fives.inc"
