#include "edgesnn/arith.h"
#include "edgesnn/arrange.h"

/* Costs the same whether or not anything differs, so that an inference does not depend on what was kept before it. */
int esnn_renew(int8_t *kept, const int8_t *x, uint32_t size)
{
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)kept;
    uint32_t changed = 0;

    for (; size >= 4u; size -= 4u, from += 4, to += 4) {
        const uint32_t word = esnn_load_word(from);

        changed |= word ^ esnn_load_word(to);
        esnn_store_word(to, word);
    }
    for (; size != 0u; size--, from++, to++) {
        changed |= (uint32_t)*from ^ *to;
        *to = *from;
    }
    return changed != 0u;
}
