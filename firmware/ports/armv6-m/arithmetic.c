/* Arithmetic that an ARMv6-M processor (Cortex-M0, M0+) has no instructions for and the compiler calls by these names:
 * Run-time ABI for the Arm Architecture (IHI 0043), sections 4.2 and 4.3.1, and GCC's integer routines. The compiler
 * has functions of its own for them, but says nothing of their stack. */
#include <stdint.h>

#define BITS 32u
#define HIGHEST (1u << (BITS - 1u))

struct division {
    uint32_t quotient;
    uint32_t remainder;
};

int __ctzsi2(uint32_t value);
int __clzsi2(uint32_t value);
uint32_t __aeabi_uidiv(uint32_t numerator, uint32_t denominator);
uint64_t __aeabi_uidivmod(uint32_t numerator, uint32_t denominator);
int32_t __aeabi_idiv(int32_t numerator, int32_t denominator);
uint64_t __aeabi_idivmod(int32_t numerator, int32_t denominator);
uint64_t __aeabi_lmul(uint64_t left, uint64_t right);

/* Trailing zeros of a value that is not 0: the product's upper five bits differ for all powers of two. */
int __ctzsi2(uint32_t value)
{
    static const uint8_t zeros[BITS] = {
        0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8,
        31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6, 11, 5, 10, 9,
    };
    return zeros[(value & (0u - value)) * 0x077cb531u >> 27];
}

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

/* One bit of the quotient after the other, from the first that can be one: most quotients here are small. By zero, all
 * bits are one. */
static struct division divide(uint32_t numerator, uint32_t denominator)
{
    struct division result = {0, numerator};
    uint32_t bit = 1;
    while (denominator < numerator && ((denominator | bit) & HIGHEST) == 0) {
        denominator <<= 1;
        bit <<= 1;
    }
    for (; bit != 0; bit >>= 1, denominator >>= 1) {
        if (result.remainder >= denominator) {
            result.remainder -= denominator;
            result.quotient |= bit;
        }
    }
    return result;
}

/* Rounded towards zero; the remainder has the numerator's sign. */
static struct division divide_signed(int32_t numerator, int32_t denominator)
{
    const uint32_t negative = (uint32_t)numerator >> (BITS - 1u);
    const uint32_t other = (uint32_t)denominator >> (BITS - 1u);
    struct division result = divide(negative ? 0u - (uint32_t)numerator : (uint32_t)numerator,
                                    other ? 0u - (uint32_t)denominator : (uint32_t)denominator);
    if (negative != other) {
        result.quotient = 0u - result.quotient;
    }
    if (negative) {
        result.remainder = 0u - result.remainder;
    }
    return result;
}

/* Quotient in r0 and remainder in r1, as the ABI wants them. */
static uint64_t both(struct division result)
{
    return (uint64_t)result.remainder << BITS | result.quotient;
}

uint32_t __aeabi_uidiv(uint32_t numerator, uint32_t denominator)
{
    return divide(numerator, denominator).quotient;
}

uint64_t __aeabi_uidivmod(uint32_t numerator, uint32_t denominator)
{
    return both(divide(numerator, denominator));
}

int32_t __aeabi_idiv(int32_t numerator, int32_t denominator)
{
    return (int32_t)divide_signed(numerator, denominator).quotient;
}

uint64_t __aeabi_idivmod(int32_t numerator, int32_t denominator)
{
    return both(divide_signed(numerator, denominator));
}

/* 32 by 32 bits from four products of 16 by 16. */
static uint64_t product(uint32_t left, uint32_t right)
{
    const uint32_t low = (left & 0xffffu) * (right & 0xffffu);
    const uint32_t first = (left >> 16) * (right & 0xffffu) + (low >> 16);
    const uint32_t second = (left & 0xffffu) * (right >> 16) + (first & 0xffffu);
    const uint32_t high = (left >> 16) * (right >> 16) + (first >> 16) + (second >> 16);
    return (uint64_t)high << BITS | (second << 16 | (low & 0xffffu));
}

/* The lower 64 bits, of signed and unsigned factors alike. */
uint64_t __aeabi_lmul(uint64_t left, uint64_t right)
{
    const uint32_t crossed = (uint32_t)(left >> BITS) * (uint32_t)right + (uint32_t)left * (uint32_t)(right >> BITS);
    return product((uint32_t)left, (uint32_t)right) + ((uint64_t)crossed << BITS);
}
