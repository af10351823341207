#include "edgesnn/arith.h"
#include "edgesnn/arrange.h"

int esnn_renew(int8_t *kept, const int8_t *x, uint32_t size)
{
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)kept;
    uint32_t left = size;

    for (; left >= 8u && esnn_load_word(from) == esnn_load_word(to) && esnn_load_word(from + 4) == esnn_load_word(to + 4);
         left -= 8u) {
        from += 8;
        to += 8;
    }
    while (left < 8u && left != 0u && *from == *to) {
        from++;
        to++;
        left--;
    }
    if (left == 0u) {
        return 0;
    }
    for (; left >= 4u; left -= 4u, from += 4, to += 4) {
        esnn_store_word(to, esnn_load_word(from));
    }
    for (; left != 0u; left--) {
        *to++ = *from++;
    }
    return 1;
}
