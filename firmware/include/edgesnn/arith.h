/* Integer arithmetic that C99 leaves open or that every kernel shares, in one place. */
#ifndef EDGESNN_ARITH_H
#define EDGESNN_ARITH_H

#include <stdint.h>

/* Whether the core has the DSP instructions of Armv7E-M, and the compiler takes them in the notation of GCC. */
#if defined(__GNUC__) && defined(__ARM_FEATURE_SIMD32)
#define ESNN_SIMD32 1
#else
#define ESNN_SIMD32 0
#endif

/* Whether it has the integer vectors of Helium (MVE) as well. */
#if defined(__GNUC__) && defined(__ARM_FEATURE_MVE)
#define ESNN_MVE 1
#else
#define ESNN_MVE 0
#endif

/* floor(x / 2^shift), shift 0..31. C99 leaves the right shift of a negative number to the implementation; where it
 * is arithmetic, as everywhere that matters, the test is a constant and this is one instruction. */
static inline int32_t esnn_floor_shift(int32_t x, int32_t shift)
{
    if ((-1 >> 1) == -1) {
        return x >> shift;
    }
    return x < 0 ? ~(~x >> shift) : x >> shift;
}

/* x limited to [low, high]. */
static inline int32_t esnn_clip(int32_t x, int32_t low, int32_t high)
{
    if (x < low) {
        return low;
    }
    return x > high ? high : x;
}

/* sgn(x) * ((|x| * keep) >> 12) for |x| < 2^19 and keep 0..4096: the division truncates toward zero. */
static inline int32_t esnn_decay_narrow(int32_t x, int32_t keep)
{
    return x * keep / 4096;
}

/* The same for every x: high and low parts have the sign of x, so their truncated products add up exactly. */
static inline int32_t esnn_decay_wide(int32_t x, int32_t keep)
{
    return x / 4096 * keep + x % 4096 * keep / 4096;
}

/* y[0] and y[1] from the low and high half of a word: one store where the device allows it. */
static inline void esnn_store_pair(uint16_t *y, uint32_t pair)
{
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    __builtin_memcpy(y, &pair, sizeof(pair));
#else
    y[0] = (uint16_t)(pair & 0xffffu);
    y[1] = (uint16_t)(pair >> 16);
#endif
}

static inline uint32_t esnn_load_pair(const uint16_t *y)
{
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t pair;

    __builtin_memcpy(&pair, y, sizeof(pair));
    return pair;
#else
    return (uint32_t)y[0] | (uint32_t)y[1] << 16;
#endif
}

/* Four bytes at any address, the first in the lowest bits. */
static inline uint32_t esnn_load_word(const uint8_t *at)
{
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t word;

    __builtin_memcpy(&word, at, sizeof(word));
    return word;
#else
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
#endif
}

static inline void esnn_store_word(uint8_t *at, uint32_t word)
{
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    __builtin_memcpy(at, &word, sizeof(word));
#else
    at[0] = (uint8_t)(word & 0xffu);
    at[1] = (uint8_t)((word >> 8) & 0xffu);
    at[2] = (uint8_t)((word >> 16) & 0xffu);
    at[3] = (uint8_t)(word >> 24);
#endif
}

/* Bytes 0 and 2 of a word, or 1 and 3, added to the 16-bit lanes of a sum: one instruction where the device has it, which
 * compilers do not find on their own. */
static inline uint32_t esnn_add_even_bytes(uint32_t sum, uint32_t word)
{
#if ESNN_SIMD32
    __asm__("uxtab16 %0, %0, %1" : "+r"(sum) : "r"(word));
    return sum;
#else
    return sum + (word & 0x00ff00ffu);
#endif
}

static inline uint32_t esnn_add_odd_bytes(uint32_t sum, uint32_t word)
{
#if ESNN_SIMD32
    __asm__("uxtab16 %0, %0, %1, ror #8" : "+r"(sum) : "r"(word));
    return sum;
#else
    return sum + ((word >> 8) & 0x00ff00ffu);
#endif
}

/* Two sums, or two differences, of the 16-bit lanes of two words, each modulo 2^16. */
static inline uint32_t esnn_add_pairs(uint32_t a, uint32_t b)
{
#if ESNN_SIMD32
    __asm__("uadd16 %0, %1, %2" : "=r"(a) : "r"(a), "r"(b));
    return a;
#else
    return ((a & 0x7fff7fffu) + (b & 0x7fff7fffu)) ^ ((a ^ b) & 0x80008000u);
#endif
}

static inline uint32_t esnn_subtract_pairs(uint32_t a, uint32_t b)
{
#if ESNN_SIMD32
    __asm__("usub16 %0, %1, %2" : "=r"(a) : "r"(a), "r"(b));
    return a;
#else
    return ((a | 0x80008000u) - (b & 0x7fff7fffu)) ^ ((a ^ ~b) & 0x80008000u);
#endif
}

/* The low lanes of two words, or the high ones, in one word: that of a comes first. */
static inline uint32_t esnn_low_lanes(uint32_t a, uint32_t b)
{
#if ESNN_SIMD32
    __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(a) : "r"(a), "r"(b));
    return a;
#else
    return (a & 0xffffu) | (b << 16);
#endif
}

static inline uint32_t esnn_high_lanes(uint32_t a, uint32_t b)
{
#if ESNN_SIMD32
    __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(a) : "r"(b), "r"(a));
    return a;
#else
    return (a >> 16) | (b & 0xffff0000u);
#endif
}

/* Three words in a row, and where the next begin: one load brings them, where that is known how. */
static inline const uint32_t *esnn_load_three(const uint32_t *at, uint32_t *word)
{
#if defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB >= 2
    register uint32_t a __asm__("r0");
    register uint32_t b __asm__("r1");
    register uint32_t c __asm__("r2");

    __asm__ volatile("ldmia %0!, {%1, %2, %3}" : "+r"(at), "=r"(a), "=r"(b), "=r"(c) : : "memory");
    word[0] = a;
    word[1] = b;
    word[2] = c;
#else
    word[0] = *at++;
    word[1] = *at++;
    word[2] = *at++;
#endif
    return at;
}

/* The product of the low halves of two words, or of the high ones, all signed, and a sum. */
static inline int32_t esnn_low_product(uint32_t a, uint32_t b, int32_t sum)
{
#if ESNN_SIMD32
    __asm__("smlabb %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
#else
    return (int16_t)(uint16_t)(a & 0xffffu) * (int16_t)(uint16_t)(b & 0xffffu) + sum;
#endif
}

static inline int32_t esnn_high_product(uint32_t a, uint32_t b, int32_t sum)
{
#if ESNN_SIMD32
    __asm__("smlatt %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
#else
    return (int16_t)(uint16_t)(a >> 16) * (int16_t)(uint16_t)(b >> 16) + sum;
#endif
}

/* Both products of the signed halves of two words, added up, without and with a sum; modulo 2^32. */
static inline int32_t esnn_dot(uint32_t a, uint32_t b)
{
#if ESNN_SIMD32
    __asm__("smuad %0, %1, %2" : "=r"(a) : "r"(a), "r"(b));
    return (int32_t)a;
#else
    return esnn_high_product(a, b, esnn_low_product(a, b, 0));
#endif
}

static inline int32_t esnn_add_dot(int32_t sum, uint32_t a, uint32_t b)
{
#if ESNN_SIMD32
    __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
#else
    return esnn_high_product(a, b, esnn_low_product(a, b, sum));
#endif
}

/* Bytes 0 and 2 of a word, or 1 and 3, signed, in the 16-bit lanes of a word. */
static inline uint32_t esnn_signed_even_bytes(uint32_t word)
{
#if ESNN_SIMD32
    __asm__("sxtb16 %0, %0" : "+r"(word));
    return word;
#else
    return esnn_subtract_pairs((word & 0x00ff00ffu) ^ 0x00800080u, 0x00800080u);
#endif
}

static inline uint32_t esnn_signed_odd_bytes(uint32_t word)
{
#if ESNN_SIMD32
    __asm__("sxtb16 %0, %0, ror #8" : "+r"(word));
    return word;
#else
    return esnn_signed_even_bytes(word >> 8);
#endif
}

/* What esnn_add_shifted() takes for a shift of 2 to 31: a factor where the device multiplies and adds in one. */
static inline int32_t esnn_shift_to_add(int32_t shift)
{
    return ESNN_SIMD32 ? (int32_t)((uint32_t)1 << (32 - shift)) : shift;
}

/* sum + floor(x / 2^shift), for what esnn_shift_to_add() makes of the shift. */
static inline int32_t esnn_add_shifted(int32_t sum, int32_t x, int32_t by)
{
#if ESNN_SIMD32
    __asm__("smmla %0, %1, %2, %0" : "+r"(sum) : "r"(x), "r"(by));
    return sum;
#else
    return sum + esnn_floor_shift(x, by);
#endif
}

/* x limited to [0, 2^10 - 1]. */
static inline int32_t esnn_clip_10_bits(int32_t x)
{
#if ESNN_SIMD32
    __asm__("usat %0, #10, %0" : "+r"(x));
    return x;
#else
    return esnn_clip(x, 0, 1023);
#endif
}

/* The bits of `seen`, one place up, and whether x >= limit in the lowest: both 0 or more. */
static inline uint32_t esnn_note_reached(uint32_t seen, int32_t x, int32_t limit)
{
#if defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB >= 2
    __asm__("cmp %1, %2\n\tadc %0, %0, %0" : "+r"(seen) : "r"(x), "r"(limit) : "cc");
    return seen;
#else
    return seen + seen + (uint32_t)(x >= limit);
#endif
}

/* x, in a way that keeps a compiler from merging the operations before and after it into a costlier one. */
static inline uint32_t esnn_opaque(uint32_t x)
{
#if defined(__GNUC__)
    __asm__("" : "+r"(x));
#endif
    return x;
}

/* A condition that mostly holds: the common case becomes the straight line. */
#if defined(__GNUC__)
#define ESNN_MOSTLY(condition) __builtin_expect((condition) != 0, 1)
#else
#define ESNN_MOSTLY(condition) (condition)
#endif

/* A function that is not worth a copy of its own at each call. */
#if defined(__GNUC__)
#define ESNN_ONCE __attribute__((noinline))
#else
#define ESNN_ONCE
#endif

/* A function that runs so seldom that it should rather be small than fast. */
#if defined(__GNUC__)
#define ESNN_SELDOM __attribute__((noinline, cold))
#else
#define ESNN_SELDOM
#endif

/* Index of the lowest set bit; x is not 0. */
static inline uint32_t esnn_lowest_bit(uint32_t x)
{
#if defined(__GNUC__)
    return (uint32_t)__builtin_ctz(x);
#else
    uint32_t index = 0;

    while ((x & 1u) == 0u) {
        x >>= 1;
        index++;
    }
    return index;
#endif
}

/* The bits of a word in the opposite order. */
static inline uint32_t esnn_turned_bits(uint32_t x)
{
#if defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB >= 2
    __asm__("rbit %0, %1" : "=r"(x) : "r"(x));
    return x;
#else
    x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
    x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
    x = (x >> 4 & 0x0f0f0f0fu) | (x & 0x0f0f0f0fu) << 4;
    x = (x >> 8 & 0x00ff00ffu) | (x & 0x00ff00ffu) << 8;
    return x >> 16 | x << 16;
#endif
}

/* The set bits of a word, from the lowest on: a queue that esnn_next_bit() takes them from until it is 0. Turned round,
 * where one instruction does that, because the highest bit is found sooner than the lowest. */
#if defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB >= 2
static inline uint32_t esnn_bit_queue(uint32_t x)
{
    return esnn_turned_bits(x);
}

static inline uint32_t esnn_next_bit(uint32_t *queue)
{
    const uint32_t index = (uint32_t)__builtin_clz(*queue);

    *queue &= ~(0x80000000u >> index);
    return index;
}
#else
static inline uint32_t esnn_bit_queue(uint32_t x)
{
    return x;
}

static inline uint32_t esnn_next_bit(uint32_t *queue)
{
    const uint32_t index = esnn_lowest_bit(*queue);

    *queue &= *queue - 1u;
    return index;
}
#endif

#endif
