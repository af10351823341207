#define NAME esnn_ternary_lif_i32_c2
#define IN int32_t
#define BITS 2
#include "ternary_lif.inc"
