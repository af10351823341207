/* A step whose instructions can be counted by hand: 1000, 78 and 2 a loop, the hooks, and outside of them 2, or 5. */
#include "counted.h"

#define TEXT_OF(token) #token
#define TEXT(macro) TEXT_OF(macro)

void counted_reset(void)
{
}

__attribute__((naked)) void counted_step(const int8_t *input, int32_t *output)
{
#if defined(__riscv)
    __asm__("addi sp, sp, -16\n sw ra, 12(sp)\n"
            "li a0, 0\n li a1, 0\n li a2, 0\n call esnn_observe\n"
            ".rept 1000\n nop\n .endr\n"
            "li a0, 1\n li a1, 0\n li a2, 0\n call esnn_observe\n"
            "lui t0, %hi(" TEXT(COUNTED_LOOPS) ")\n addi t0, t0, %lo(" TEXT(COUNTED_LOOPS) ")\n"
            "1: addi t0, t0, -1\n bnez t0, 1b\n"
            ".rept 76\n nop\n .endr\n"
            "li a0, 2\n li a1, 0\n li a2, 0\n call esnn_observe\n"
            "lw ra, 12(sp)\n addi sp, sp, 16\n ret\n");
#else
    __asm__("push {r4, lr}\n"
            "movs r0, #0\n movs r1, #0\n movs r2, #0\n bl esnn_observe\n"
            ".rept 1000\n nop\n .endr\n"
            "movs r0, #1\n movs r1, #0\n movs r2, #0\n bl esnn_observe\n"
            "ldr r3, =" TEXT(COUNTED_LOOPS) "\n 1: subs r3, r3, #1\n bne 1b\n"
            ".rept 77\n nop\n .endr\n"
            "movs r0, #2\n movs r1, #0\n movs r2, #0\n bl esnn_observe\n"
            "pop {r4, pc}\n"
            ".ltorg\n");
#endif
}

int counted_decide(void)
{
    return 0;
}

const void *counted_state(void)
{
    return 0;
}
