#define NAME esnn_add_i16
#define TYPE int16_t
#define UTYPE uint16_t
#include "add.inc"
