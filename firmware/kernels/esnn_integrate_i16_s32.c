#define NAME esnn_integrate_i16_s32
#define IN int16_t
#define STATE int32_t
#include "lif.inc"
