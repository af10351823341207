#include "stack.h"

#include "link/port.h"

#define PAINT 0xa5c3e187
#define TEXT_OF(token) #token
#define TEXT(macro) TEXT_OF(macro)

extern uint32_t esnn_port_stack_low[]; /* from the linker script */
extern uint32_t esnn_port_stack_high[];

/* By hand: compiled code may push something below the stack pointer that it has read, and paint over it. */
__attribute__((naked)) void esnn_port_stack_paint(void)
{
    __asm__ volatile("ldr r0, =esnn_port_stack_low\n\t"
                     "ldr r1, =" TEXT(PAINT) "\n\t"
                     "mov r2, sp\n"
                     "1: cmp r0, r2\n\t"
                     "bhs 2f\n\t"
                     "str r1, [r0]\n\t"
                     "adds r0, r0, #4\n\t"
                     "b 1b\n"
                     "2: bx lr\n\t"
                     ".ltorg");
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
