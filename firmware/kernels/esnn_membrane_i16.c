#define NAME esnn_membrane_i16
#define IN int16_t
#include "membrane.inc"
