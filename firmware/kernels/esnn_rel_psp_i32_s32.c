#define NAME esnn_rel_psp_i32_s32
#define IN int32_t
#define STATE int32_t
#include "rel_psp.inc"
