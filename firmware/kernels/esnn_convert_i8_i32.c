#define NAME esnn_convert_i8_i32
#define IN int8_t
#define OUT int32_t
#include "convert.inc"
