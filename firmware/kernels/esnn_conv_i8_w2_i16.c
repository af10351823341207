#define NAME esnn_conv_i8_w2_i16
#define OUT int16_t
#define UOUT uint16_t
#define BITS 2
#include "conv_i8_lanes.inc"
