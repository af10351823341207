#define NAME esnn_conv_i8_p16_i32
#define OUT int32_t
#define UOUT uint32_t
#include "conv_i8_pairs.inc"
