/* Instructions, from minstret (RISC-V Privileged Architecture 20211203, 3.1.10) in an emulator that gives every
 * instruction the same time (-icount).
 *
 * QEMU 7.2 shows that time there, in nanoseconds, not instructions: what one instruction adds, a power of two, is read
 * off when counting begins, and divided by. No path depends on values, so that every reading takes as many instructions.
 */
#include "csr.h"
#include "link/port.h"
#include "link/protocol.h"

struct reading {
    uint32_t low;
    uint32_t high;
};

static struct reading start;
static uint32_t shift; /* of what an instruction adds */

uint8_t esnn_port_counter_kind(void)
{
    return ESNN_LINK_COUNTER_INSTRUCTIONS;
}

/* As it is when its lower half is read: the upper half from before, unless the lower one has just begun anew. */
static inline struct reading now(void)
{
    struct reading found;
    uint32_t before, after;
    ESNN_PORT_CSR_READ(minstreth, before);
    ESNN_PORT_CSR_READ(minstret, found.low);
    ESNN_PORT_CSR_READ(minstreth, after);
    const uint32_t late = 0u - (found.low >> 31);
    found.high = (before & late) | (after & ~late);
    return found;
}

void esnn_port_counter_start(void)
{
    uint32_t first, second;
    ESNN_PORT_CSR_READ(minstret, first);
    ESNN_PORT_CSR_READ(minstret, second);
    shift = 0;
    for (uint32_t each = second - first; each > 1u; each >>= 1) {
        shift++;
    }
    start = now();
}

uint32_t esnn_port_counter(void)
{
    const struct reading end = now();
    const uint32_t low = end.low - start.low;
    const uint32_t high = end.high - start.high - (uint32_t)(end.low < start.low);
    return (low >> shift) | ((high << (31u - shift)) << 1);
}
