#define NAME esnn_quantized_lif_i16_c4
#define IN int16_t
#define BITS 4
#define SHIFTED(p, a) (a)
#include "quantized_lif.inc"
