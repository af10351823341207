/* The loader in the place of a model: what link.h hands over. After a reset it waits for a host for a moment, then starts
 * the newest program; without one it waits for ever. A host that looks for a model gets no answer meanwhile, so it asks
 * again, and the model answers. */
#include "link/verbs.h"

#include "esnn_loader_layout.h"
#include "launch.h"
#include "link/wire.h"
#include "machine.h"
#include "protocol.h"
#include "receive.h"
#include "slots.h"

static uint8_t info(uint8_t *body, size_t *size)
{
    struct esnn_loader_slot slot = {0, 0, 0};
    uint8_t *end = esnn_link_put8(body, ESNN_LOADER_VERSION);
    end = esnn_link_put16(end, ESNN_LINK_BODY_BYTES);
    end = esnn_link_put32(end, ESNN_LOADER_RUN);
    end = esnn_link_put32(end, ESNN_LOADER_RUN_BYTES);
    end = esnn_link_put32(end, esnn_loader_room());
    end = esnn_link_put8(end, (uint8_t)esnn_loader_newest(&slot));
    for (uint32_t number = 0; number < ESNN_LOADER_SLOTS; number++) {
        end = esnn_link_put8(end, (uint8_t)esnn_loader_slot_read(number, &slot));
        end = esnn_link_put32(end, slot.sequence);
        end = esnn_link_put32(end, slot.length);
        end = esnn_link_put32(end, slot.crc);
    }
    *size = (size_t)(end - body);
    return ESNN_LINK_OK;
}

static uint8_t begin(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    if (request->size != 8) {
        return ESNN_LINK_BAD_LENGTH;
    }
    uint8_t status = esnn_loader_begin(esnn_link_get32(request->body), esnn_link_get32(request->body + 4), body);
    *size = status == ESNN_LINK_OK ? 1 : 0;
    return status;
}

static uint8_t store(const struct esnn_link_request *request)
{
    if (request->size < 4) {
        return ESNN_LINK_BAD_LENGTH;
    }
    return esnn_loader_write(esnn_link_get32(request->body), request->body + 4, (uint32_t)(request->size - 4));
}

void esnn_link_carry_out(struct esnn_link_request *request)
{
    uint8_t *body = esnn_link_body();
    size_t size = 0;
    uint8_t status = ESNN_LINK_BAD_VERB;
    int starts = 0;
    switch (request->verb) {
    case ESNN_LOADER_INFO:
        status = info(body, &size);
        break;
    case ESNN_LOADER_BEGIN:
        status = begin(request, body, &size);
        break;
    case ESNN_LOADER_WRITE:
        status = store(request);
        break;
    case ESNN_LOADER_COMMIT:
        status = esnn_loader_commit();
        break;
    case ESNN_LOADER_BOOT:
        starts = esnn_loader_install();
        status = starts ? ESNN_LINK_OK : ESNN_LINK_NOT_NOW;
        break;
    default:
        break;
    }
    esnn_link_reply(request, status, size);
    if (starts) {
        esnn_loader_jump(ESNN_LOADER_RUN);
    }
}

void esnn_link_verbs_start(void)
{
    struct esnn_link_request request;
    esnn_loader_receive_start();
    esnn_loader_window_open();
    while (!esnn_loader_window_over()) {
        if (esnn_link_next(&request) && request.verb >= ESNN_LOADER_INFO) {
            esnn_loader_window_close();
            esnn_link_carry_out(&request);
            return;
        }
    }
    esnn_loader_window_close();
    if (esnn_loader_install()) {
        esnn_loader_jump(ESNN_LOADER_RUN);
    }
}
