#define NAME esnn_conv_i8_w2_i32
#define OUT int32_t
#define UOUT uint32_t
#define BITS 2
#include "conv_i8_lanes.inc"
