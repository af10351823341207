#include "port.h"
#include "protocol.h"
#include "timing.h"

struct esnn_link_overhead esnn_link_overhead;

void esnn_link_calibrate(void)
{
    if (esnn_port_counter_kind() == ESNN_LINK_COUNTER_NONE) {
        return;
    }
    esnn_link_overhead.call = esnn_link_time_nothing() - 1u; /* a function without instructions still returns */
    esnn_link_overhead.off = esnn_link_time_hook_off();
    esnn_link_overhead.count = esnn_link_time_hook();
}
