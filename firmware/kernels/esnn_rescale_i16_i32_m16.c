#define NAME esnn_rescale_i16_i32_m16
#define IN int16_t
#define OUT int32_t
#define MULTIPLIER int16_t
#define OFFSET int32_t
#include "rescale.inc"
