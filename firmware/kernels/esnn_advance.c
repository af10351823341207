#include "edgesnn/rescale.h"

void esnn_advance(int16_t *time, int32_t last)
{
    if (*time < last) {
        *time = (int16_t)(*time + 1);
    }
}
