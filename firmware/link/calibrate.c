#include "edgesnn/observe.h"
#include "observe.h"
#include "port.h"
#include "timing.h"

/* Arguments that take an instruction each on every processor, as a model's own do. */
#define NOTHING NULL, 0

struct esnn_link_overhead esnn_link_overhead;

static uint32_t count_hooks_off(void)
{
    uint32_t counts[2];
    esnn_port_counter_start();
    counts[0] = esnn_port_counter();
    esnn_port_counter_start();
    esnn_observe(0, NOTHING);
    counts[1] = esnn_port_counter();
    return counts[1] - counts[0];
}

/* Two hooks with nothing between them: what is counted for the second is the cost of hooking alone. */
static uint32_t count_hook(void)
{
    esnn_link_node_counts[1] = 0;
    esnn_link_observe_begin(ESNN_LINK_COUNT, 0);
    esnn_port_counter_start();
    esnn_observe(0, NOTHING);
    esnn_observe(1, NOTHING);
    (void)esnn_link_observe_end();
    return (uint32_t)esnn_link_node_counts[1];
}

void esnn_link_calibrate(void)
{
    if (esnn_port_counter_kind() == ESNN_LINK_COUNTER_NONE) {
        return;
    }
    esnn_link_overhead.call = esnn_link_time_nothing() - 1u; /* a function without instructions still returns */
    esnn_link_overhead.off = count_hooks_off();
    esnn_link_overhead.count = count_hook();
}
