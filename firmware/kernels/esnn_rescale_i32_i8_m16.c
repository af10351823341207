#define NAME esnn_rescale_i32_i8_m16
#define IN int32_t
#define OUT int8_t
#define MULTIPLIER int16_t
#define OFFSET int32_t
#include "rescale.inc"
