#include <string.h>

#include "esnn_link_model.h"
#include "observe.h"
#include "port.h"
#include "progress.h"
#include "timing.h"
#include "verbs.h"
#include "wire.h"

#define WRITE_HEADER 7u

static const uint8_t build_hash[] = ESNN_LINK_BUILD_HASH;

/* One byte of length, then the characters. */
static uint8_t *put_text(uint8_t *to, const char *text)
{
    uint8_t *length = to++;
    while (*text != '\0') {
        *to++ = (uint8_t)*text++;
    }
    *length = (uint8_t)(to - length - 1);
    return to;
}

uint8_t esnn_link_identify(uint8_t *body, size_t *size)
{
    uint8_t *end = esnn_link_put16(body, ESNN_LINK_BODY_BYTES);
    end = esnn_link_put8(end, esnn_port_counter_kind());
    end = esnn_link_put8(end, (uint8_t)(ESNN_LINK_INPUT_LOW & 0xff));
    end = esnn_link_put8(end, (uint8_t)(ESNN_LINK_INPUT_HIGH & 0xff));
    end = esnn_link_put16(end, ESNN_LINK_NODES);
    end = esnn_link_put32(end, ESNN_LINK_INPUT_SIZE);
    end = esnn_link_put32(end, ESNN_LINK_OUTPUT_SIZE);
    end = esnn_link_put32(end, ESNN_LINK_TIME_STEPS);
    end = esnn_link_put32(end, ESNN_LINK_STATE_BYTES);
    for (size_t i = 0; i < sizeof build_hash; i++) {
        end = esnn_link_put8(end, build_hash[i]);
    }
    end = put_text(end, ESNN_LINK_MODEL_NAME);
    end = put_text(end, esnn_port_name);
    end = put_text(end, ESNN_LINK_FIRMWARE);
    *size = (size_t)(end - body);
    return ESNN_LINK_OK;
}

uint8_t esnn_link_counters(uint8_t *body, size_t *size)
{
    uint8_t *end = esnn_link_put64(body, esnn_link_progress.steps);
    end = esnn_link_put64(end, esnn_link_progress.total);
    end = esnn_link_put32(end, esnn_link_overhead.call);
    end = esnn_link_put32(end, esnn_link_overhead.off);
    end = esnn_link_put32(end, esnn_link_overhead.count);
    *size = (size_t)(end - body);
    return esnn_port_counter_kind() == ESNN_LINK_COUNTER_NONE ? ESNN_LINK_UNSUPPORTED : ESNN_LINK_OK;
}

uint8_t esnn_link_stack(uint8_t *body, size_t *size)
{
    uint32_t reserved = 0;
    uint32_t used = 0;
    if (!esnn_port_stack(&reserved, &used)) {
        return ESNN_LINK_UNSUPPORTED;
    }
    *size = (size_t)(esnn_link_put32(esnn_link_put32(body, reserved), used) - body);
    return ESNN_LINK_OK;
}

/* Little-endian words whatever the machine's order: one byte of 32-bit or 64-bit integers. */
static uint8_t output_byte(uint32_t at)
{
    return (uint8_t)(((uint32_t)esnn_link_output[at / 4u] >> (8u * (at % 4u))) & 0xffu);
}

static uint8_t counters_byte(uint32_t at)
{
    return (uint8_t)((esnn_link_node_counts[at / 8u] >> (8u * (at % 8u))) & 0xffu);
}

static uint32_t area_bytes(uint8_t area)
{
    switch (area) {
    case ESNN_LINK_AREA_OUTPUT:
        return 4u * ESNN_LINK_OUTPUT_SIZE;
    case ESNN_LINK_AREA_STATE:
        return ESNN_LINK_STATE_BYTES;
    case ESNN_LINK_AREA_NODE:
        return esnn_link_node_bytes;
    case ESNN_LINK_AREA_COUNTERS:
        return 8u * ESNN_LINK_NODES;
    default:
#ifdef ESNN_LINK_LEARNS
        return esnn_link_learned_bytes(area);
#else
        return 0;
#endif
    }
}

static uint8_t area_byte(uint8_t area, uint32_t at)
{
    switch (area) {
    case ESNN_LINK_AREA_OUTPUT:
        return output_byte(at);
    case ESNN_LINK_AREA_STATE:
        return ((const uint8_t *)esnn_link_model_state())[at];
    case ESNN_LINK_AREA_NODE:
        return esnn_link_node_output[at];
#ifdef ESNN_LINK_LEARNS
    case ESNN_LINK_AREA_WEIGHTS:
    case ESNN_LINK_AREA_MASTERS:
    case ESNN_LINK_AREA_THRESHOLDS:
    case ESNN_LINK_AREA_TALLY:
        return esnn_link_learned(area)[at];
#endif
    default:
        return counters_byte(at);
    }
}

uint8_t esnn_link_read(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    if (request->size != 7) {
        return ESNN_LINK_BAD_LENGTH;
    }
    uint8_t area = request->body[0];
    uint32_t offset = esnn_link_get32(request->body + 1);
    uint32_t length = esnn_link_get16(request->body + 5);
    uint32_t available = area_bytes(area);
    if (length > ESNN_LINK_BODY_BYTES || offset > available || length > available - offset) {
        return ESNN_LINK_BAD_RANGE;
    }
    for (uint32_t i = 0; i < length; i++) {
        body[i] = area_byte(area, offset + i);
    }
    *size = length;
    return ESNN_LINK_OK;
}

uint8_t esnn_link_write(const struct esnn_link_request *request)
{
    if (request->size <= WRITE_HEADER) {
        return ESNN_LINK_BAD_LENGTH;
    }
    uint8_t area = request->body[0];
    uint32_t offset = esnn_link_get32(request->body + 1);
    uint32_t times = esnn_link_get16(request->body + 5);
    uint32_t length = (uint32_t)(request->size - WRITE_HEADER);
    /* not constant: the state is the model's own, and an output lies in its arena or in the link's input */
    uint8_t *to = (uint8_t *)(area == ESNN_LINK_AREA_STATE ? esnn_link_model_state() : esnn_link_node_output);
    uint32_t available = area == ESNN_LINK_AREA_STATE || area == ESNN_LINK_AREA_NODE ? area_bytes(area) : 0;
    if (offset > available || times > (available - offset) / length) {
        return ESNN_LINK_BAD_RANGE;
    }
    for (; times > 0; times--, offset += length) {
        memcpy(to + offset, request->body + WRITE_HEADER, length);
    }
    return ESNN_LINK_OK;
}
