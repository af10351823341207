#define NAME esnn_lif_r16_s32
#define IN int16_t
#define STATE int32_t
#define DECAY(x, keep) esnn_decay_wide(x, keep)
#define WITH_LEAK
#define RESCALED
#include "lif.inc"
