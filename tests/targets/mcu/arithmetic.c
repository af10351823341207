/* Holds the arithmetic of ports/armv6-m and ports/ctz against this computer. Prints what differed, or how many cases it
 * tried. */
#include <stdint.h>
#include <stdio.h>

int __ctzsi2(uint32_t value);
int __clzsi2(uint32_t value);
uint32_t __aeabi_uidiv(uint32_t numerator, uint32_t denominator);
uint64_t __aeabi_uidivmod(uint32_t numerator, uint32_t denominator);
int32_t __aeabi_idiv(int32_t numerator, int32_t denominator);
uint64_t __aeabi_idivmod(int32_t numerator, int32_t denominator);
uint64_t __aeabi_lmul(uint64_t left, uint64_t right);

#define CASES 20000u

static uint32_t seed = 1;

/* Of any magnitude; every eighth is an edge. */
static uint32_t value(void)
{
    static const uint32_t edges[] = {0, 1, 2, 0x7fffffffu, 0x80000000u, 0x80000001u, 0xfffffffeu, 0xffffffffu};
    seed = seed * 1664525u + 1013904223u;
    const uint32_t shift = seed >> 27;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % 8u == 0 ? edges[seed >> 29] : seed >> shift;
}

static int unsigned_differs(uint32_t left, uint32_t right)
{
    const uint64_t both = __aeabi_uidivmod(left, right);
    return __aeabi_uidiv(left, right) != left / right || both != ((uint64_t)(left % right) << 32 | left / right);
}

static int signed_differs(int32_t left, int32_t right)
{
    const uint64_t both = __aeabi_idivmod(left, right);
    const uint32_t quotient = (uint32_t)(left / right);
    const uint32_t remainder = (uint32_t)(left % right);
    return __aeabi_idiv(left, right) != left / right || both != ((uint64_t)remainder << 32 | quotient);
}

static int zeros_differ(uint32_t bits)
{
    int zeros = 0;
    while ((bits >> zeros & 1u) == 0) {
        zeros++;
    }
    int leading = 0;
    while ((bits << leading & 0x80000000u) == 0) {
        leading++;
    }
    return __ctzsi2(bits) != zeros || __clzsi2(bits) != leading;
}

int main(void)
{
    for (uint32_t i = 0; i < CASES; i++) {
        const uint32_t a = value();
        const uint32_t b = value();
        const uint64_t left = (uint64_t)a << 32 | value();
        const uint64_t right = (uint64_t)b << 32 | value();
        const int overflows = a == 0x80000000u && b == 0xffffffffu;
        int wrong = __aeabi_lmul(left, right) != left * right;
        wrong |= a != 0 && zeros_differ(a);
        wrong |= b != 0 && unsigned_differs(a, b);
        wrong |= b != 0 && !overflows && signed_differs((int32_t)a, (int32_t)b);
        if (wrong) {
            printf("%08x %08x\n", (unsigned)a, (unsigned)b);
            return 1;
        }
    }
    printf("%u\n", CASES);
    return 0;
}
