#define NAME esnn_sum_pool_i8
#define OUT int8_t
#define UOUT uint8_t
#include "sum_pool.inc"
