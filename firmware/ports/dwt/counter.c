/* Cycles, from the counter of the debug unit that every Cortex-M3, M4, M7, M33 and M55 may have. ARMv7-M Architecture
 * Reference Manual (DDI 0403), sections C1.6.5 and C1.8.7. 32 bits last for 25 s at 168 MHz. */
#include "link/port.h"
#include "link/protocol.h"
#include "register.h"

#define DEBUG_CONTROL REGISTER(0xe000edfcu, 0x0)
#define CONTROL REGISTER(0xe0001000u, 0x000)
#define CYCLES REGISTER(0xe0001000u, 0x004)
#define LOCK REGISTER(0xe0001000u, 0xfb0)

#define TRACE_ON (1u << 24)
#define COUNTER_ON 1u
#define KEY 0xc5acce55u /* a Cortex-M7 wants it; elsewhere it means nothing */

uint8_t esnn_port_counter_kind(void)
{
    return ESNN_LINK_COUNTER_CYCLES;
}

void esnn_port_counter_start(void)
{
    DEBUG_CONTROL |= TRACE_ON;
    LOCK = KEY;
    CONTROL |= COUNTER_ON;
    CYCLES = 0;
}

uint32_t esnn_port_counter(void)
{
    return CYCLES;
}
