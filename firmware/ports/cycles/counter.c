/* Cycles, from SysTick on the processor's clock: for processors without a debug unit that counts them. In 16.8 million
 * cycles it wraps once, and its handler takes some forty of them; they are counted with the rest. */
#include "link/port.h"
#include "link/protocol.h"
#include "systick.h"

uint8_t esnn_port_counter_kind(void)
{
    return ESNN_LINK_COUNTER_CYCLES;
}

void esnn_port_counter_start(void)
{
    esnn_port_systick_start();
}

uint32_t esnn_port_counter(void)
{
    const struct esnn_port_time time = esnn_port_systick_time();
    return time.wraps * ESNN_PORT_SYSTICK_WRAP + time.ticks;
}
