#define NAME esnn_sum_pool_i16
#define OUT int16_t
#define UOUT uint16_t
#include "sum_pool.inc"
