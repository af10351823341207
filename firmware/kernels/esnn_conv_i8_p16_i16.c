#define NAME esnn_conv_i8_p16_i16
#define OUT int16_t
#define UOUT uint16_t
#include "conv_i8_pairs.inc"
