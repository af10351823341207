#define NAME esnn_unpack_ternary_i32
#define OUT int32_t
#include "unpack_ternary.inc"
