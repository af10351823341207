#define NAME esnn_conv_ternary_w2_i32
#define OUT int32_t
#define UOUT uint32_t
#define TERNARY
#define BITS 2
#include "conv_lanes.inc"
