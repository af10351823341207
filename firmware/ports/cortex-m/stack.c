#include "stack.h"

#include "link/port.h"

#define PAINT 0xa5c3e187u

extern uint32_t esnn_port_stack_low[]; /* from the linker script */
extern uint32_t esnn_port_stack_high[];

void esnn_port_stack_paint(void)
{
    uint32_t *top;
    __asm__ volatile("mov %0, sp" : "=r"(top));
    for (volatile uint32_t *word = esnn_port_stack_low; word < top; word++) {
        *word = PAINT;
    }
}

int esnn_port_stack(uint32_t *reserved, uint32_t *used)
{
    const volatile uint32_t *word = esnn_port_stack_low;
    while (word < esnn_port_stack_high && *word == PAINT) {
        word++;
    }
    *reserved = (uint32_t)((uintptr_t)esnn_port_stack_high - (uintptr_t)esnn_port_stack_low);
    *used = (uint32_t)((uintptr_t)esnn_port_stack_high - (uintptr_t)word);
    return 1;
}
