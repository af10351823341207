#include "edgesnn/arith.h"
#include "edgesnn/readout.h"

void esnn_first_spike(const uint32_t *spikes, int32_t classes, int32_t horizon, int32_t *score, int32_t *time)
{
    for (int32_t first = 0; first < classes; first += 32) {
        for (uint32_t active = *spikes++; active != 0u; active &= active - 1u) {
            int32_t *s = score + first + esnn_lowest_bit(active);

            if (*s == 0) {
                *s = horizon - *time;
            }
        }
    }
    if (*time < horizon) {
        ++*time;
    }
}
