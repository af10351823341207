#define NAME esnn_quantized_lif_i16_c2
#define IN int16_t
#define BITS 2
#define SHIFTED(p, a) (a)
#include "quantized_lif.inc"
