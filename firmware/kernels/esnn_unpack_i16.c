#define NAME esnn_unpack_i16
#define OUT int16_t
#include "unpack.inc"
