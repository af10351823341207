#include "edgesnn/readout.h"

int esnn_decide(const int32_t *score, int32_t classes)
{
    int32_t best = 0;

    for (int32_t c = 1; c < classes; c++) {
        if (score[c] > score[best]) {
            best = c;
        }
    }
    return (int)best;
}
