#define NAME esnn_quantized_lif_r16_c4
#define IN int16_t
#define BITS 4
#define SHIFTED(p, a) (a)
#define RESCALED
#include "quantized_lif.inc"
