#define NAME esnn_conv_i8_w4_i16
#define OUT int16_t
#define UOUT uint16_t
#define BITS 4
#include "conv_i8_lanes.inc"
