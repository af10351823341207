#include "stack.h"

__attribute__((naked)) void esnn_port_stack_paint(void)
{
    __asm__ volatile("ldr r0, =esnn_port_stack_low\n\t"
                     "ldr r1, =" ESNN_PORT_TEXT(ESNN_PORT_PAINT) "\n\t"
                     "mov r2, sp\n"
                     "1: cmp r0, r2\n\t"
                     "bhs 2f\n\t"
                     "str r1, [r0]\n\t"
                     "adds r0, r0, #4\n\t"
                     "b 1b\n"
                     "2: bx lr\n\t"
                     ".ltorg");
}
