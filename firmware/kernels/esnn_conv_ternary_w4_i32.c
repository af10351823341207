#define NAME esnn_conv_ternary_w4_i32
#define OUT int32_t
#define UOUT uint32_t
#define TERNARY
#define BITS 4
#include "conv_lanes.inc"
