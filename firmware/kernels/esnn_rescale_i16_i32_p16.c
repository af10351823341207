#define NAME esnn_rescale_i16_i32_p16
#define IN int16_t
#define OUT int32_t
#define MULTIPLIER int16_t
#define OFFSET int16_t
#include "rescale.inc"
