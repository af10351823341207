#define NAME esnn_ternary_lif_i32_c8
#define IN int32_t
#define BITS 8
#include "ternary_lif.inc"
