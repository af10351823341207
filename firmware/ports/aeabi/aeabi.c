/* What clang calls in the place of memcpy and its like: Run-time ABI for the Arm Architecture (IHI 0043), section 4.3.4.
 * The forms with a number promise aligned addresses, which our memory functions see for themselves. */
#include <stddef.h>
#include <string.h>

#define ALIGNMENTS(form) \
    form()               \
    form(4)              \
    form(8)

#define MEMCPY(alignment)                                                               \
    void __aeabi_memcpy##alignment(void *to, const void *from, size_t size);            \
    void __aeabi_memcpy##alignment(void *to, const void *from, size_t size)             \
    {                                                                                   \
        memcpy(to, from, size);                                                         \
    }

#define MEMMOVE(alignment)                                                              \
    void __aeabi_memmove##alignment(void *to, const void *from, size_t size);           \
    void __aeabi_memmove##alignment(void *to, const void *from, size_t size)            \
    {                                                                                   \
        memmove(to, from, size);                                                        \
    }

#define MEMSET(alignment)                                                               \
    void __aeabi_memset##alignment(void *to, size_t size, int value);                   \
    void __aeabi_memset##alignment(void *to, size_t size, int value)                    \
    {                                                                                   \
        memset(to, value, size);                                                        \
    }

#define MEMCLR(alignment)                                                               \
    void __aeabi_memclr##alignment(void *to, size_t size);                              \
    void __aeabi_memclr##alignment(void *to, size_t size)                               \
    {                                                                                   \
        memset(to, 0, size);                                                            \
    }

ALIGNMENTS(MEMCPY)
ALIGNMENTS(MEMMOVE)
ALIGNMENTS(MEMSET)
ALIGNMENTS(MEMCLR)
