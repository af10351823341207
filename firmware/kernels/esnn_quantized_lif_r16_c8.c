#define NAME esnn_quantized_lif_r16_c8
#define IN int16_t
#define BITS 8
#define SHIFTED(p, a) (a)
#define RESCALED
#include "quantized_lif.inc"
