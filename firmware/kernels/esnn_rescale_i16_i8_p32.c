#define NAME esnn_rescale_i16_i8_p32
#define IN int16_t
#define OUT int8_t
#define MULTIPLIER int32_t
#define OFFSET int32_t
#include "rescale.inc"
