#define NAME esnn_integrate_i32_s16
#define IN int32_t
#define STATE int16_t
#include "lif.inc"
