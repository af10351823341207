#define NAME esnn_graded_lif_i32_s32
#define IN int32_t
#define STATE int32_t
#define DECAY(x, keep) esnn_decay_wide(x, keep)
#include "graded_lif.inc"
