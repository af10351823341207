#define NAME esnn_conv_bits_w1_i16
#define OUT int16_t
#define UOUT uint16_t
#include "conv_signs.inc"
