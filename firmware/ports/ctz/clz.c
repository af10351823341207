/* What GCC calls for __builtin_clz where a processor has no instruction for it, as ctz.c. */
#include <stdint.h>

#define BITS 32u
#define HIGHEST 0x80000000u

int __clzsi2(uint32_t value);

/* Leading zeros of a value that is not 0. */
int __clzsi2(uint32_t value)
{
    int zeros = 0;

    for (uint32_t step = BITS / 2u; step > 0u; step /= 2u) {
        if (value < HIGHEST >> (step - 1u)) {
            value <<= step;
            zeros += (int)step;
        }
    }
    return zeros;
}
