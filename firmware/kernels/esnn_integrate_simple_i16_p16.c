#define NAME esnn_integrate_simple_i16_p16
#define OTHERS esnn_integrate_i16_s16
#define IN int16_t
#define SIMPLE
#define SATURATES
#include "lif_pairs.inc"
