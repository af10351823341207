#define NAME esnn_reshape_i32
#define TYPE int32_t
#include "reshape.inc"
