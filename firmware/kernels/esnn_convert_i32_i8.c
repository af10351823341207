#define NAME esnn_convert_i32_i8
#define IN int32_t
#define OUT int8_t
#include "convert.inc"
