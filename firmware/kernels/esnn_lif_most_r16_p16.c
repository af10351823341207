#define NAME esnn_lif_most_r16_p16
#define OTHERS esnn_lif_r16_s16
#define IN int16_t
#define RESCALED
#define SIMPLE
#define KEEPS_PART
#include "lif_pairs.inc"
