#define NAME esnn_quantized_lif_r16_c8
#define BITS 8
#include "quantized_lif_rescaled.inc"
