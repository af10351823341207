#define NAME esnn_conv_bits_w4_i16
#define OUT int16_t
#define UOUT uint16_t
#define BITS 4
#include "conv_lanes.inc"
