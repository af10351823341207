#define NAME esnn_ternary_lif_i16_c2
#define IN int16_t
#define BITS 2
#include "ternary_lif.inc"
