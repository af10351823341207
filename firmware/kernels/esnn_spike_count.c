#include "edgesnn/arith.h"
#include "edgesnn/readout.h"

void esnn_spike_count(const uint32_t *spikes, int32_t classes, int32_t *score)
{
    for (int32_t first = 0; first < classes; first += 32) {
        for (uint32_t active = *spikes++; active != 0u; active &= active - 1u) {
            score[(uint32_t)first + esnn_lowest_bit(active)]++;
        }
    }
}
