#define NAME esnn_unpack_i8
#define OUT int8_t
#include "unpack.inc"
