#define NAME esnn_matmul_events_i16
#define OUT int16_t
#include "matmul_events.inc"
