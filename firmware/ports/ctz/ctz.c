/* What GCC calls for __builtin_ctz where a processor has no instruction for it. The compiler has such a function of its
 * own, but says nothing of its stack. */
#include <stdint.h>

#define BITS 32u

int __ctzsi2(uint32_t value);

/* Trailing zeros of a value that is not 0: the product's upper five bits differ for all powers of two. */
int __ctzsi2(uint32_t value)
{
    static const uint8_t zeros[BITS] = {
        0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8,
        31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6, 11, 5, 10, 9,
    };
    return zeros[(value & (0u - value)) * 0x077cb531u >> 27];
}
