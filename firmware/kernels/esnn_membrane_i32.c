#define NAME esnn_membrane_i32
#define IN int32_t
#include "membrane.inc"
