#define NAME esnn_graded_lif_i32_s16
#define IN int32_t
#define STATE int16_t
#define DECAY(x, keep) esnn_decay_narrow(x, keep)
#include "graded_lif.inc"
