/* The four functions that a compiler may call on its own. Compiled without the optimisation that would turn their
 * loops into calls of themselves. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t __attribute__((may_alias)) word;

#define WORD sizeof(uint32_t)

static int aligned(const void *pointer)
{
    return ((uintptr_t)pointer & (WORD - 1u)) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    unsigned char *out = to;
    const unsigned char *in = from;
    if (aligned(to) && aligned(from)) {
        for (; size >= WORD; size -= WORD, out += WORD, in += WORD) {
            *(word *)(void *)out = *(const word *)(const void *)in;
        }
    }
    while (size-- > 0) {
        *out++ = *in++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    unsigned char *out = to;
    const unsigned char *in = from;
    if ((uintptr_t)out <= (uintptr_t)in) {
        while (size-- > 0) {
            *out++ = *in++;
        }
        return to;
    }
    while (size-- > 0) {
        out[size] = in[size];
    }
    return to;
}

void *memset(void *to, int value, size_t size)
{
    unsigned char *out = to;
    unsigned char byte = (unsigned char)value;
    if (aligned(to)) {
        for (; size >= WORD; size -= WORD, out += WORD) {
            *(word *)(void *)out = 0x01010101u * byte;
        }
    }
    while (size-- > 0) {
        *out++ = byte;
    }
    return to;
}

int memcmp(const void *left, const void *right, size_t size)
{
    const unsigned char *a = left;
    const unsigned char *b = right;
    for (size_t i = 0; i < size; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}
