#define NAME esnn_unpack_ternary_i16
#define OUT int16_t
#include "unpack_ternary.inc"
