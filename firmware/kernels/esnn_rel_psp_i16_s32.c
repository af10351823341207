#define NAME esnn_rel_psp_i16_s32
#define IN int16_t
#define STATE int32_t
#include "rel_psp.inc"
