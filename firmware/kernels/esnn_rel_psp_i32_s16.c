#define NAME esnn_rel_psp_i32_s16
#define IN int32_t
#define STATE int16_t
#include "rel_psp.inc"
