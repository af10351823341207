#define NAME esnn_convert_i8_i16
#define IN int8_t
#define OUT int16_t
#include "convert.inc"
