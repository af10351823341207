#define NAME esnn_convert_i32_i16
#define IN int32_t
#define OUT int16_t
#include "convert.inc"
