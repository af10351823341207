#include "stack.h"

__attribute__((naked)) void esnn_port_stack_paint(void)
{
    __asm__ volatile("la t0, esnn_port_stack_low\n\t"
                     "li t1, " ESNN_PORT_TEXT(ESNN_PORT_PAINT) "\n"
                     "1: bgeu t0, sp, 2f\n\t"
                     "sw t1, 0(t0)\n\t"
                     "addi t0, t0, 4\n\t"
                     "j 1b\n"
                     "2: ret");
}
