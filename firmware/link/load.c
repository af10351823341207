#include "esnn_link_model.h"
#include "timing.h"
#include "verbs.h"
#include "wire.h"

#define OFFSET_BYTES 4u

static int8_t as_signed(uint8_t byte)
{
    return (int8_t)(byte < 128 ? (int)byte : (int)byte - 256);
}

/* One value into the input, if there is such a place and the model takes the value. */
static uint8_t store(uint32_t at, int value, uint8_t *body, size_t *size)
{
    if (at >= ESNN_LINK_INPUT_SIZE) {
        return ESNN_LINK_BAD_RANGE;
    }
    if (value < ESNN_LINK_INPUT_LOW || value > ESNN_LINK_INPUT_HIGH) {
        *size = (size_t)(esnn_link_put32(body, at) - body);
        return ESNN_LINK_BAD_INPUT;
    }
    esnn_link_input[at] = (int8_t)value;
    return ESNN_LINK_OK;
}

static uint8_t store_all(uint32_t at, const uint8_t *values, size_t count, uint8_t *body, size_t *size)
{
    uint8_t status = ESNN_LINK_OK;
    for (size_t i = 0; i < count && status == ESNN_LINK_OK; i++) {
        status = store(at++, as_signed(values[i]), body, size);
    }
    return status;
}

static uint8_t store_zeros(uint32_t at, size_t count, uint8_t *body, size_t *size)
{
    uint8_t status = ESNN_LINK_OK;
    for (size_t i = 0; i < count && status == ESNN_LINK_OK; i++) {
        status = store(at++, 0, body, size);
    }
    return status;
}

uint8_t esnn_link_load(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    if (request->size < OFFSET_BYTES) {
        return ESNN_LINK_BAD_LENGTH;
    }
    uint32_t offset = esnn_link_get32(request->body);
    size_t count = request->size - OFFSET_BYTES;
    if (offset > ESNN_LINK_INPUT_SIZE || count > ESNN_LINK_INPUT_SIZE - offset) {
        return ESNN_LINK_BAD_RANGE;
    }
    return store_all(offset, request->body + OFFSET_BYTES, count, body, size);
}

uint8_t esnn_link_load_runs(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    const uint8_t *record = request->body + OFFSET_BYTES;
    const uint8_t *end = request->body + request->size;
    if (request->size < OFFSET_BYTES) {
        return ESNN_LINK_BAD_LENGTH;
    }
    uint32_t at = esnn_link_get32(request->body);
    if (at > ESNN_LINK_INPUT_SIZE) {
        return ESNN_LINK_BAD_RANGE;
    }
    uint8_t status = ESNN_LINK_OK;
    while (record < end && status == ESNN_LINK_OK) {
        if (end - record < 2 || end - record - 2 < record[1]) {
            return ESNN_LINK_BAD_LENGTH;
        }
        status = store_zeros(at, record[0], body, size);
        at += record[0];
        if (status == ESNN_LINK_OK) {
            status = store_all(at, record + 2, record[1], body, size);
        }
        at += record[1];
        record += 2 + record[1];
    }
    return status;
}
