#define NAME esnn_quantized_lif_i32_c8
#define IN int32_t
#define BITS 8
#define SHIFTED(p, a) ((a) - (p)->code_low)
#include "quantized_lif.inc"
