#define NAME esnn_rescale_i32_i8
#define IN int32_t
#define OUT int8_t
#include "rescale.inc"
