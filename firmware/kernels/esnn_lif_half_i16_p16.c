#define NAME esnn_lif_half_i16_p16
#define OTHERS esnn_lif_i16_s16
#define IN int16_t
#define SIMPLE
#define KEEPS_HALF
#include "lif_pairs.inc"
