#define NAME esnn_ternary_lif_i32_c4
#define IN int32_t
#define BITS 4
#include "ternary_lif.inc"
