#define NAME esnn_lif_r16_s16
#define IN int16_t
#define STATE int16_t
#define DECAY(x, keep) esnn_decay_narrow(x, keep)
#define WITH_LEAK
#define RESCALED
#include "lif.inc"
