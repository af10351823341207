#include "esnn_link_model.h"
#include "hearing.h"
#include "learning.h"
#include "timing.h"

void esnn_link_nothing(const int8_t *input, int32_t *output)
{
    (void)input;
    (void)output;
}

int esnn_link_hear_nothing(const int16_t **samples, size_t *count, int8_t *input)
{
    (void)samples;
    (void)count;
    (void)input;
    return 0;
}

int esnn_link_hear_end_nothing(int8_t *input)
{
    (void)input;
    return 0;
}

#ifdef ESNN_LINK_LEARNS

void esnn_link_spikes_nothing(const uint16_t *list, uint32_t spikes)
{
    (void)list;
    (void)spikes;
}

void esnn_link_end_nothing(void)
{
}

int esnn_link_backward_nothing(int label)
{
    (void)label;
    return 0;
}

#endif
