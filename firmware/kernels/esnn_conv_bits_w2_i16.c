#define NAME esnn_conv_bits_w2_i16
#define OUT int16_t
#define UOUT uint16_t
#define BITS 2
#include "conv_lanes.inc"
