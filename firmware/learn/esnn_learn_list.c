#include "edgesnn/learn.h"

uint32_t esnn_learn_list(const int8_t *input, uint32_t inputs, uint16_t *list)
{
    uint32_t spikes = 0;

    for (uint32_t i = 0; i < inputs; i++) {
        if (input[i] != 0) {
            list[spikes++] = (uint16_t)i;
        }
    }
    return spikes;
}
