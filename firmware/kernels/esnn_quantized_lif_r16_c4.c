#define NAME esnn_quantized_lif_r16_c4
#define BITS 4
#include "quantized_lif_rescaled.inc"
