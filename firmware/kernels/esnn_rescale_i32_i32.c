#define NAME esnn_rescale_i32_i32
#define IN int32_t
#define OUT int32_t
#include "rescale.inc"
