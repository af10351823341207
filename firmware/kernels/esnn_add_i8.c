#define NAME esnn_add_i8
#define TYPE int8_t
#define UTYPE uint8_t
#include "add.inc"
