#define NAME esnn_conv_ternary_t5_i16
#define OUT int16_t
#define UOUT uint16_t
#define TERNARY
#include "conv_fives.inc"
