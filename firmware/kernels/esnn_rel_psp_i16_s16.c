#define NAME esnn_rel_psp_i16_s16
#define IN int16_t
#define STATE int16_t
#include "rel_psp.inc"
