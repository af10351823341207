#define NAME esnn_sum_pool_i32
#define OUT int32_t
#define UOUT uint32_t
#include "sum_pool.inc"
