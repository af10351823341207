#define NAME esnn_quantized_lif_r16_c2
#define BITS 2
#include "quantized_lif_rescaled.inc"
