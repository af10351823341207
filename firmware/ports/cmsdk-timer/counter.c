/* Instructions, from CMSDK TIMER0 in an emulator that gives every instruction 64 ns (-icount shift=6).
 *
 * The timer counts down one tick in 40 ns and shows a value until its tick is over, so d > 0 instructions after its
 * start it has lost ceil(1.6 d) - 1 ticks, and floor((ticks + 1) * 5 / 8) = d exactly. 32 bits last for 2.6 thousand
 * million instructions of one step.
 * On silicon the timer counts bus clocks: there the port would be another.
 */
#include "board.h"
#include "link/port.h"
#include "link/protocol.h"
#include "register.h"

#define CTRL REGISTER(ESNN_PORT_TIMER, 0x0)
#define VALUE REGISTER(ESNN_PORT_TIMER, 0x4)
#define RELOAD REGISTER(ESNN_PORT_TIMER, 0x8)

#define LONGEST 0xffffffffu

uint8_t esnn_port_counter_kind(void)
{
    return ESNN_LINK_COUNTER_INSTRUCTIONS;
}

void esnn_port_counter_start(void)
{
    CTRL = 0;
    RELOAD = LONGEST;
    VALUE = LONGEST;
    CTRL = 1;
}

uint32_t esnn_port_counter(void)
{
    uint32_t ticks = LONGEST - VALUE + 1u;
    return (ticks >> 3) * 5u + (((ticks & 7u) * 5u) >> 3);
}
