#define NAME esnn_ternary_lif_i16_c8
#define IN int16_t
#define BITS 8
#include "ternary_lif.inc"
