#define NAME esnn_integrate_i32_s32
#define IN int32_t
#define STATE int32_t
#define LIMITED(a, limit) esnn_clip(a, -(limit), limit)
#include "lif.inc"
