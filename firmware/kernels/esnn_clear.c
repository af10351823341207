#include "edgesnn/arith.h"
#include "edgesnn/arrange.h"

void esnn_clear(void *memory, uint32_t bytes)
{
    uint8_t *at = memory;

    for (; bytes >= 16u; bytes -= 16u, at += 16) {
        esnn_store_word(at, 0);
        esnn_store_word(at + 4, 0);
        esnn_store_word(at + 8, 0);
        esnn_store_word(at + 12, 0);
    }
    for (; bytes != 0u; bytes--) {
        *at++ = 0;
    }
}
