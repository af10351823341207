#define NAME esnn_conv_i8_w1_i32
#define OUT int32_t
#define UOUT uint32_t
#define BITS 1
#include "conv_i8_lanes.inc"
