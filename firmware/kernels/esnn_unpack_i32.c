#define NAME esnn_unpack_i32
#define OUT int32_t
#include "unpack.inc"
