#include "timing.h"

#include "esnn_link_model.h"
#include "port.h"

int8_t esnn_link_input[ESNN_LINK_INPUT_SIZE];
int32_t esnn_link_output[ESNN_LINK_OUTPUT_SIZE];

/* Two functions of the same shape, so that what they differ in is the function called. Nothing in this file calls them:
 * inlined, they would lose it. */
#define COUNTED(name, function)                        \
    uint32_t name(void)                                \
    {                                                  \
        esnn_port_counter_start();                     \
        function(esnn_link_input, esnn_link_output);   \
        return esnn_port_counter();                    \
    }

COUNTED(esnn_link_time_step, esnn_link_model_step)
COUNTED(esnn_link_time_nothing, esnn_link_nothing)
