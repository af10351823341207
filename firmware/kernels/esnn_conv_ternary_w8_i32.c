#define NAME esnn_conv_ternary_w8_i32
#define OUT int32_t
#define UOUT uint32_t
#define TERNARY
#define BITS 8
#include "conv_lanes.inc"
