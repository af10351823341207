#include "edgesnn/arrange.h"

void esnn_clear(void *memory, uint32_t bytes)
{
    unsigned char *at = memory;

    for (uint32_t i = 0; i < bytes; i++) {
        at[i] = 0;
    }
}
