#define NAME esnn_quantized_lif_i32_c4
#define IN int32_t
#define BITS 4
#define LIMITED(p, a) (esnn_clip(a, -(1 << 30), 1 << 30) - (p)->code_low)
#include "quantized_lif.inc"
