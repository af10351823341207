#define NAME esnn_lif_most_i16_p16
#define OTHERS esnn_lif_i16_s16
#define IN int16_t
#define SIMPLE
#define KEEPS_PART
#include "lif_pairs.inc"
