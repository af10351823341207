#include "learning.h"

#include "esnn_link_model.h"
#include "port.h"
#include "protocol.h"

#ifdef ESNN_LINK_LEARNS

#define RETURN 1u  /* instructions of a function that does nothing */
#define NOTHING 2u /* of one that returns 0 */

struct esnn_link_effort esnn_link_effort;
static uint32_t spikes_overhead, end_overhead, backward_overhead;

/* Two functions of each shape, so that what they differ in is the function called. */
#define COUNTED(name, parameters, call)                                \
    static uint32_t name parameters                                    \
    {                                                                  \
        esnn_port_counter_start();                                     \
        call;                                                          \
        return esnn_port_counter();                                    \
    }

COUNTED(take, (const uint16_t *list, uint32_t spikes), esnn_link_model_spikes(list, spikes))
COUNTED(take_nothing, (const uint16_t *list, uint32_t spikes), esnn_link_spikes_nothing(list, spikes))
COUNTED(end, (void), esnn_link_model_end())
COUNTED(update, (void), esnn_link_model_update())
COUNTED(end_nothing, (void), esnn_link_end_nothing())
COUNTED(backward, (int label), (void)esnn_link_model_backward(label))
COUNTED(backward_nothing, (int label), (void)esnn_link_backward_nothing(label))

void esnn_link_calibrate_learning(void)
{
    if (esnn_port_counter_kind() == ESNN_LINK_COUNTER_NONE) {
        return;
    }
    spikes_overhead = take_nothing((const uint16_t *)0, 0) - RETURN;
    end_overhead = end_nothing() - RETURN;
    backward_overhead = backward_nothing(0) - NOTHING;
}

void esnn_link_count_spikes(const uint16_t *list, uint32_t spikes)
{
    esnn_link_effort.forward += take(list, spikes) - spikes_overhead;
}

void esnn_link_count_end(void)
{
    esnn_link_effort.forward += end() - end_overhead;
}

void esnn_link_count_backward(int label)
{
    esnn_link_effort.backward = backward(label) - backward_overhead;
}

void esnn_link_count_update(void)
{
    esnn_link_effort.update = update() - end_overhead;
}

#endif
