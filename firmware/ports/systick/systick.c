#include "systick.h"

#include "register.h"

#define CONTROL REGISTER(0xe000e010u, 0x0)
#define RELOAD REGISTER(0xe000e010u, 0x4)
#define VALUE REGISTER(0xe000e010u, 0x8)
#define INTERRUPT_STATE REGISTER(0xe000ed04u, 0x0)

#define ENABLE_WITH_INTERRUPT_AND_PROCESSOR_CLOCK 7u
#define PENDING_BIT 26u
#define CLEAR_PENDING (1u << 25)

#define LAST (ESNN_PORT_SYSTICK_WRAP - 1u)
#define HALF_BIT 23u

volatile uint32_t esnn_port_systick_wraps;

void esnn_port_systick(void);

/* Five instructions, which counter.c knows, and no stack but the exception's frame. */
__attribute__((naked)) void esnn_port_systick(void)
{
    __asm__ volatile("ldr r0, 1f\n\t"
                     "ldr r1, [r0]\n\t"
                     "adds r1, r1, #1\n\t"
                     "str r1, [r0]\n\t"
                     "bx lr\n\t"
                     ".align 2\n"
                     "1: .word esnn_port_systick_wraps");
}

void esnn_port_systick_start(void)
{
    CONTROL = 0;
    RELOAD = LAST;
    VALUE = 0; /* whatever is written */
    INTERRUPT_STATE = CLEAR_PENDING;
    esnn_port_systick_wraps = 0;
    CONTROL = ENABLE_WITH_INTERRUPT_AND_PROCESSOR_CLOCK;
}

/* A wrap between masking and reading is pending: it belongs to the time if the value read is one after it. */
struct esnn_port_time esnn_port_systick_time(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    const uint32_t ticks = (0u - VALUE) & LAST;
    const uint32_t pending = INTERRUPT_STATE >> PENDING_BIT & 1u;
    const uint32_t handled = esnn_port_systick_wraps;
    __asm__ volatile("cpsie i" ::: "memory");
    const struct esnn_port_time time = {ticks, handled + (pending & ~(ticks >> HALF_BIT)), handled};
    return time;
}
