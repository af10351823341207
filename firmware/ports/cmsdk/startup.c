/* Vector table and reset handler of a Cortex-M. No interrupt is enabled; a fault parks the processor. */
#include <stdint.h>

#include "link/link.h"
#include "stack.h"

extern uint32_t esnn_port_data_load[], esnn_port_data_start[], esnn_port_data_end[]; /* from the linker script */
extern uint32_t esnn_port_bss_start[], esnn_port_bss_end[], esnn_port_stack_high[];

void esnn_port_uart_start(void);
void esnn_port_reset(void);
void esnn_port_fault(void);

struct vectors {
    uint32_t *stack;
    void (*handlers[15])(void);
};

__attribute__((section(".vectors"), used)) const struct vectors esnn_port_vectors = {
    esnn_port_stack_high,
    {esnn_port_reset, esnn_port_fault, esnn_port_fault, esnn_port_fault, esnn_port_fault, esnn_port_fault, 0, 0, 0, 0,
     esnn_port_fault, esnn_port_fault, 0, esnn_port_fault, esnn_port_fault},
};

void esnn_port_fault(void)
{
    for (;;) {
    }
}

void esnn_port_reset(void)
{
    esnn_port_stack_paint();
    uint32_t *from = esnn_port_data_load;
    for (uint32_t *to = esnn_port_data_start; to < esnn_port_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = esnn_port_bss_start; to < esnn_port_bss_end; to++) {
        *to = 0;
    }
    esnn_port_uart_start();
    esnn_link_start();
    for (;;) {
        esnn_link_poll();
    }
}
