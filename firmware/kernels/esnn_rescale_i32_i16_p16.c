#define NAME esnn_rescale_i32_i16_p16
#define IN int32_t
#define OUT int16_t
#define MULTIPLIER int16_t
#define OFFSET int16_t
#include "rescale.inc"
