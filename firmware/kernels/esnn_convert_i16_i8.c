#define NAME esnn_convert_i16_i8
#define IN int16_t
#define OUT int8_t
#include "convert.inc"
