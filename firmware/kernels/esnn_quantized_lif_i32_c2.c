#define NAME esnn_quantized_lif_i32_c2
#define IN int32_t
#define BITS 2
#define LIMITED(a) esnn_clip(a, -(1 << 30), 1 << 30)
#include "quantized_lif.inc"
