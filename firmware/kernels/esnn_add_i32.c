#define NAME esnn_add_i32
#define TYPE int32_t
#define UTYPE uint32_t
#include "add.inc"
