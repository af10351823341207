#define NAME esnn_quantized_lif_r16_c2
#define IN int16_t
#define BITS 2
#define SHIFTED(p, a) (a)
#define RESCALED
#include "quantized_lif.inc"
