#define NAME esnn_integrate_i16_s32
#define IN int16_t
#define STATE int32_t
#define LIMITED(a, limit) (a)
#include "lif.inc"
