#define NAME esnn_conv_ternary_w8_i16
#define OUT int16_t
#define UOUT uint16_t
#define TERNARY
#define BITS 8
#include "conv_lanes.inc"
