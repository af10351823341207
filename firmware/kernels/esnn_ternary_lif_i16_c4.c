#define NAME esnn_ternary_lif_i16_c4
#define IN int16_t
#define BITS 4
#include "ternary_lif.inc"
