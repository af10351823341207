#define NAME esnn_integrate_i32_s32
#define IN int32_t
#define STATE int32_t
#include "lif.inc"
