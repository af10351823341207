#include "hearing.h"

#include "esnn_link_model.h"
#include "port.h"
#include "protocol.h"
#include "timing.h"

uint64_t esnn_link_heard;

#ifdef ESNN_LINK_HEARS

#define NOTHING 2u /* instructions of a function that returns 0 */

static uint32_t overhead, end_overhead;

/* Two functions of each shape, so that what they differ in is the function called. */
#define HEAR(name, function)                                                        \
    static int name(const int16_t **samples, size_t *count, uint32_t *counted)      \
    {                                                                               \
        esnn_port_counter_start();                                                  \
        const int more = function(samples, count, esnn_link_input);                 \
        *counted = esnn_port_counter();                                             \
        return more;                                                                \
    }

#define HEAR_END(name, function)                                                    \
    static int name(uint32_t *counted)                                              \
    {                                                                               \
        esnn_port_counter_start();                                                  \
        const int more = function(esnn_link_input);                                 \
        *counted = esnn_port_counter();                                             \
        return more;                                                                \
    }

HEAR(hear, esnn_link_model_hear)
HEAR(hear_nothing, esnn_link_hear_nothing)
HEAR_END(hear_end, esnn_link_model_hear_end)
HEAR_END(hear_end_nothing, esnn_link_hear_end_nothing)

void esnn_link_calibrate_hearing(void)
{
    if (esnn_port_counter_kind() == ESNN_LINK_COUNTER_NONE) {
        return;
    }
    (void)hear_nothing(NULL, NULL, &overhead);
    (void)hear_end_nothing(&end_overhead);
    overhead -= NOTHING;
    end_overhead -= NOTHING;
}

int esnn_link_time_hear(const int16_t **samples, size_t *count)
{
    uint32_t counted;
    const int more = hear(samples, count, &counted);

    esnn_link_heard += counted - overhead;
    return more;
}

int esnn_link_time_hear_end(void)
{
    uint32_t counted;
    const int more = hear_end(&counted);

    esnn_link_heard += counted - end_overhead;
    return more;
}

#else

void esnn_link_calibrate_hearing(void)
{
}

#endif
