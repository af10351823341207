#define NAME esnn_integrate_i16_s16
#define IN int16_t
#define STATE int16_t
#define VECTORS
#include "lif.inc"
