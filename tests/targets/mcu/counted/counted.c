/* A step whose instructions can be counted by hand: 1 + 1000 + 78 + 2 a loop + 1, and the hooks. */
#include "counted.h"

#define TEXT_OF(token) #token
#define TEXT(macro) TEXT_OF(macro)

void counted_reset(void)
{
}

__attribute__((naked)) void counted_step(const int8_t *input, int32_t *output)
{
    __asm__("push {r4, lr}\n"
            "movs r0, #0\n movs r1, #0\n movs r2, #0\n bl esnn_observe\n"
            ".rept 1000\n nop\n .endr\n"
            "movs r0, #1\n movs r1, #0\n movs r2, #0\n bl esnn_observe\n"
            "ldr r3, =" TEXT(COUNTED_LOOPS) "\n 1: subs r3, r3, #1\n bne 1b\n"
            ".rept 77\n nop\n .endr\n"
            "movs r0, #2\n movs r1, #0\n movs r2, #0\n bl esnn_observe\n"
            "pop {r4, pc}\n"
            ".ltorg\n");
}

int counted_decide(void)
{
    return 0;
}

const void *counted_state(void)
{
    return 0;
}
