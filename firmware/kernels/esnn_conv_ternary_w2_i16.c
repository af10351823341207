#define NAME esnn_conv_ternary_w2_i16
#define OUT int16_t
#define UOUT uint16_t
#define TERNARY
#define BITS 2
#include "conv_lanes.inc"
