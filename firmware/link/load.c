#include "esnn_link_model.h"
#include "timing.h"
#include "verbs.h"
#include "wire.h"

#define OFFSET_BYTES 4u

static int8_t as_signed(uint8_t byte)
{
    return (int8_t)(byte < 128 ? (int)byte : (int)byte - 256);
}

uint8_t esnn_link_load(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    if (request->size < OFFSET_BYTES) {
        return ESNN_LINK_BAD_LENGTH;
    }
    uint32_t offset = esnn_link_get32(request->body);
    const uint8_t *values = request->body + OFFSET_BYTES;
    size_t count = request->size - OFFSET_BYTES;
    if (offset > ESNN_LINK_INPUT_SIZE || count > ESNN_LINK_INPUT_SIZE - offset) {
        return ESNN_LINK_BAD_RANGE;
    }
    for (size_t i = 0; i < count; i++) {
        int value = as_signed(values[i]);
        if (value < ESNN_LINK_INPUT_LOW || value > ESNN_LINK_INPUT_HIGH) {
            (void)esnn_link_put32(body, offset + (uint32_t)i);
            *size = 4;
            return ESNN_LINK_BAD_INPUT;
        }
    }
    for (size_t i = 0; i < count; i++) {
        esnn_link_input[offset + i] = as_signed(values[i]);
    }
    return ESNN_LINK_OK;
}
