/* Vector table and reset handler of a Cortex-M. No interrupt has a handler but SysTick's; a fault parks the processor. */
#include <stdint.h>

#include "register.h"
#include "run.h"
#include "stack.h"

#define VTOR REGISTER(0xe000ed08u, 0x0)

extern uint32_t esnn_port_stack_high[]; /* from the linker script */

void esnn_port_reset(void);
void esnn_port_fault(void);
void esnn_port_systick(void) __attribute__((weak, alias("esnn_port_fault"))); /* a port that counts with it has one */

struct vectors {
    uint32_t *stack;
    void (*handlers[15])(void);
};

__attribute__((section(".vectors"), used)) const struct vectors esnn_port_vectors = {
    esnn_port_stack_high,
    {esnn_port_reset, esnn_port_fault, esnn_port_fault, esnn_port_fault, esnn_port_fault, esnn_port_fault, 0, 0, 0, 0,
     esnn_port_fault, esnn_port_fault, 0, esnn_port_fault, esnn_port_systick},
};

void esnn_port_fault(void)
{
    for (;;) {
    }
}

#if defined(__ARM_FEATURE_MVE)

#define CPACR REGISTER(0xe000ed88u, 0x0)
#define VECTORS_TO_ALL 0x00f00000u /* coprocessors 10 and 11, whose registers the vectors of Helium are */

/* Out of line, and before anything that may use a vector. */
static __attribute__((noinline)) void esnn_port_start_vectors(void)
{
    CPACR |= VECTORS_TO_ALL;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

/* The compiler saves no vector register here before there are any. */
void esnn_port_reset(void) __attribute__((target("general-regs-only")));
#endif

void esnn_port_reset(void)
{
#if defined(__ARM_FEATURE_MVE)
    esnn_port_start_vectors();
#endif
    esnn_port_stack_paint();
#if __ARM_ARCH >= 7
    VTOR = (uint32_t)(uintptr_t)&esnn_port_vectors; /* a loader that started us had a table of its own */
#endif
    esnn_port_run();
}
