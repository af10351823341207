#define NAME esnn_convert_i16_i32
#define IN int16_t
#define OUT int32_t
#include "convert.inc"
