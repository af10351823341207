#define NAME esnn_graded_lif_i16_s32
#define IN int16_t
#define STATE int32_t
#define DECAY(x, keep) esnn_decay_wide(x, keep)
#include "graded_lif.inc"
