#define NAME esnn_rescale_i16_i8
#define IN int16_t
#define OUT int8_t
#include "rescale.inc"
