#include "edgesnn/readout.h"

int esnn_decided(const int32_t *score, int32_t classes, int32_t horizon, const int32_t *time)
{
    int32_t highest = 0;

    for (int32_t c = 0; c < classes; c++) {
        highest |= score[c]; /* none is negative */
    }
    return highest != 0 || *time >= horizon;
}
