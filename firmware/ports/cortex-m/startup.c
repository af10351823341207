/* Vector table and reset handler of a Cortex-M. No interrupt has a handler but SysTick's; a fault parks the processor. */
#include <stdint.h>

#include "link/link.h"
#include "register.h"
#include "stack.h"
#include "uart.h"

#define VTOR REGISTER(0xe000ed08u, 0x0)

extern uint32_t esnn_port_data_load[], esnn_port_data_start[], esnn_port_data_end[]; /* from the linker script */
extern uint32_t esnn_port_bss_start[], esnn_port_bss_end[], esnn_port_stack_high[];

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

void esnn_port_reset(void)
{
    esnn_port_stack_paint();
#if __ARM_ARCH >= 7
    VTOR = (uint32_t)(uintptr_t)&esnn_port_vectors; /* a loader that started us had a table of its own */
#endif
    uint32_t *from = esnn_port_data_load;
    for (uint32_t *to = esnn_port_data_start; to < esnn_port_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = esnn_port_bss_start; to < esnn_port_bss_end; to++) {
        *to = 0;
    }
    esnn_port_start();
    esnn_link_start();
    for (;;) {
        esnn_link_poll();
    }
}
