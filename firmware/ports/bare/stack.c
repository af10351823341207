#include "stack.h"

#include "link/port.h"

extern uint32_t esnn_port_stack_low[]; /* from the linker script */
extern uint32_t esnn_port_stack_high[];

int esnn_port_stack(uint32_t *reserved, uint32_t *used)
{
    const volatile uint32_t *word = esnn_port_stack_low;
    while (word < esnn_port_stack_high && *word == ESNN_PORT_PAINT) {
        word++;
    }
    *reserved = (uint32_t)((uintptr_t)esnn_port_stack_high - (uintptr_t)esnn_port_stack_low);
    *used = (uint32_t)((uintptr_t)esnn_port_stack_high - (uintptr_t)word);
    return 1;
}
