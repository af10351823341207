#include "observe.h"

#include "crc32.h"
#include "edgesnn/observe.h"
#include "esnn_link_model.h"
#include "port.h"
#include "verbs.h"
#include "wire.h"

struct esnn_link_request esnn_link_waiting;
const uint8_t *esnn_link_node_output;
uint32_t esnn_link_node_bytes;
uint64_t esnn_link_node_counts[ESNN_LINK_NODES];

static volatile uint8_t modes; /* volatile: every hook looks, so that every hook costs the same */
static uint32_t digest;
static uint32_t last_count;

/* Answers a request while a step waits at a node; 1 when the step is to go on. */
static int answer_waiting(struct esnn_link_request *request)
{
    uint8_t status = ESNN_LINK_NOT_NOW;
    size_t size = 0;
    if (request->verb == ESNN_LINK_RESUME && request->size == 0) {
        esnn_link_waiting = *request;
        return 1;
    }
    if (request->verb == ESNN_LINK_RESET && request->size == 0) {
        modes = 0; /* the step ends unobserved, then everything is reset */
        esnn_link_waiting = *request;
        return 1;
    }
    if (request->verb == ESNN_LINK_READ) {
        status = esnn_link_read(request, esnn_link_body(), &size);
    } else if (request->verb == ESNN_LINK_WRITE) {
        status = esnn_link_write(request);
    } else if (request->verb == ESNN_LINK_IDENTIFY && request->size == 0) {
        status = esnn_link_identify(esnn_link_body(), &size);
    }
    esnn_link_reply(request, status, size);
    return 0;
}

static void wait_at(uint16_t node, const uint8_t *output, uint32_t bytes)
{
    uint8_t *body = esnn_link_put16(esnn_link_body(), node);
    body = esnn_link_put32(body, bytes);
    body = esnn_link_put32(body, esnn_link_crc32(0, output, bytes));
    esnn_link_node_output = output;
    esnn_link_node_bytes = bytes;
    esnn_link_reply(&esnn_link_waiting, ESNN_LINK_STOPPED, (size_t)(body - esnn_link_body()));
    struct esnn_link_request request;
    while (!esnn_link_next(&request) || !answer_waiting(&request)) {
    }
    esnn_link_node_output = NULL;
    esnn_link_node_bytes = 0;
}

void esnn_observe(uint16_t node, const void *output, uint32_t bytes)
{
    if (modes == 0) {
        return;
    }
    uint32_t count = esnn_port_counter();
    if ((modes & ESNN_LINK_COUNT) != 0 && node < ESNN_LINK_NODES) {
        esnn_link_node_counts[node] += count - last_count;
    }
    if ((modes & ESNN_LINK_DIGEST) != 0) {
        digest = esnn_link_crc32(digest, output, bytes);
    }
    if ((modes & ESNN_LINK_STOP) != 0) {
        wait_at(node, output, bytes);
    }
    last_count = esnn_port_counter();
}

void esnn_link_observe_begin(uint8_t wanted, uint32_t chained)
{
    modes = wanted;
    digest = chained;
    last_count = 0;
}

uint32_t esnn_link_observe_end(void)
{
    modes = 0;
    return digest;
}
