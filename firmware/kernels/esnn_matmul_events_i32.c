#define NAME esnn_matmul_events_i32
#define OUT int32_t
#include "matmul_events.inc"
