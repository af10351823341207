#define NAME esnn_lif_half_r16_p16
#define OTHERS esnn_lif_r16_s16
#define IN int16_t
#define RESCALED
#define SIMPLE
#define KEEPS_HALF
#include "lif_pairs.inc"
