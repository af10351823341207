#define NAME esnn_rescale_i16_i32
#define IN int16_t
#define OUT int32_t
#include "rescale.inc"
