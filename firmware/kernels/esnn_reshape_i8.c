#define NAME esnn_reshape_i8
#define TYPE int8_t
#include "reshape.inc"
