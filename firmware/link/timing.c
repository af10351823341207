/* Nothing in this file calls its functions: inlined, they would take the caller's instructions among those counted. */
#include "timing.h"

#include "edgesnn/observe.h"
#include "esnn_link_model.h"
#include "observe.h"
#include "port.h"
#include "protocol.h"

/* Arguments that take an instruction each on every processor, as a model's own do. */
#define NOTHING NULL, 0

int8_t esnn_link_input[ESNN_LINK_INPUT_SIZE];
int32_t esnn_link_output[ESNN_LINK_OUTPUT_SIZE];

/* Two functions of the same shape, so that what they differ in is the function called. */
#define COUNTED(name, function)                        \
    uint32_t name(void)                                \
    {                                                  \
        esnn_port_counter_start();                     \
        function(esnn_link_input, esnn_link_output);   \
        return esnn_port_counter();                    \
    }

COUNTED(esnn_link_time_step, esnn_link_model_step)
COUNTED(esnn_link_time_nothing, esnn_link_nothing)

uint32_t esnn_link_time_hook_off(void)
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
uint32_t esnn_link_time_hook(void)
{
    esnn_link_node_counts[1] = 0;
    esnn_link_observe_begin(ESNN_LINK_COUNT, 0);
    esnn_port_counter_start();
    esnn_observe(0, NOTHING);
    esnn_observe(1, NOTHING);
    (void)esnn_link_observe_end();
    return (uint32_t)esnn_link_node_counts[1];
}
