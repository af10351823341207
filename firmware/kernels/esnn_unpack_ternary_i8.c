#define NAME esnn_unpack_ternary_i8
#define OUT int8_t
#include "unpack_ternary.inc"
