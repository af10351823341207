/* Instructions, from SysTick in an emulator that gives every instruction 64 ns (-icount shift=6).
 *
 * A tick of f MHz takes 1000 / f ns, so ticks + 1 of them are (ticks + 1) * 125 / (8 f) instructions and less than one
 * more: exact for any f above 15.625. What a wrap's remainder leaves is carried, so nothing is ever longer than 32 bits.
 * The handler's own instructions are subtracted.
 * On silicon SysTick counts clocks: there the counter would be another.
 */
#include "board.h"
#include "link/port.h"
#include "link/protocol.h"
#include "systick.h"

#define PER_TICK 125u
#define PER_INSTRUCTION (8u * (ESNN_PORT_SYSTICK_HZ / 1000000u))
#define WRAP (ESNN_PORT_SYSTICK_WRAP * PER_TICK)
#define HANDLER_INSTRUCTIONS 5u

#if ESNN_PORT_SYSTICK_HZ < 16000000 || ESNN_PORT_SYSTICK_HZ % 1000000 != 0
#error "systick_hz: whole megahertz, at least 16: a slower timer does not tell single instructions"
#endif

uint8_t esnn_port_counter_kind(void)
{
    return ESNN_LINK_COUNTER_INSTRUCTIONS;
}

void esnn_port_counter_start(void)
{
    esnn_port_systick_start();
}

uint32_t esnn_port_counter(void)
{
    const struct esnn_port_time time = esnn_port_systick_time();
    const uint32_t rest = time.wraps * (WRAP % PER_INSTRUCTION) + (time.ticks + 1u) * PER_TICK;
    return time.wraps * (WRAP / PER_INSTRUCTION) + rest / PER_INSTRUCTION - time.handled * HANDLER_INSTRUCTIONS;
}
