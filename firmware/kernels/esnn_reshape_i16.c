#define NAME esnn_reshape_i16
#define TYPE int16_t
#include "reshape.inc"
