#include "receive.h"

#include <string.h>

#include "esnn_loader_layout.h"
#include "flash.h"
#include "link/crc32.h"
#include "link/protocol.h"
#include "protocol.h"
#include "slots.h"

static uint32_t number; /* of the slot that is being filled; ESNN_LOADER_NO_SLOT: none */
static uint32_t written;
static struct esnn_loader_slot coming;

void esnn_loader_receive_start(void)
{
    number = ESNN_LOADER_NO_SLOT;
}

uint8_t esnn_loader_begin(uint32_t length, uint32_t crc, uint8_t *chosen)
{
    struct esnn_loader_slot newest = {0, 0, 0};
    if (length == 0 || length % ESNN_LOADER_UNIT != 0 || length > esnn_loader_room()) {
        return ESNN_LINK_BAD_RANGE;
    }
    uint32_t kept = esnn_loader_newest(&newest);
    number = kept == 0 ? 1u : 0u;
    coming.sequence = kept == ESNN_LOADER_NO_SLOT ? 1u : newest.sequence + 1u;
    coming.length = length;
    coming.crc = crc;
    written = 0;
    *chosen = (uint8_t)number;
    if (!esnn_loader_erase(esnn_loader_slot_address(number), ESNN_LOADER_SLOT_BYTES)) {
        number = ESNN_LOADER_NO_SLOT;
        return ESNN_LOADER_NOT_TAKEN;
    }
    return ESNN_LINK_OK;
}

uint8_t esnn_loader_write(uint32_t offset, const uint8_t *data, uint32_t size)
{
    if (number == ESNN_LOADER_NO_SLOT) {
        return ESNN_LINK_NOT_NOW;
    }
    if (offset != written || size == 0 || size % ESNN_LOADER_UNIT != 0 || size > coming.length - written) {
        return ESNN_LINK_BAD_RANGE;
    }
    uint32_t address = esnn_loader_program_address(number) + offset;
    if (!esnn_loader_program(address, data, size) || memcmp(esnn_loader_at(address), data, size) != 0) {
        number = ESNN_LOADER_NO_SLOT;
        return ESNN_LOADER_NOT_TAKEN;
    }
    written += size;
    return ESNN_LINK_OK;
}

uint8_t esnn_loader_commit(void)
{
    if (number == ESNN_LOADER_NO_SLOT || written != coming.length) {
        return ESNN_LINK_NOT_NOW;
    }
    const uint8_t *program = esnn_loader_at(esnn_loader_program_address(number));
    int right = esnn_link_crc32(0, program, coming.length) == coming.crc && esnn_loader_seal(number, &coming);
    number = ESNN_LOADER_NO_SLOT;
    return right ? ESNN_LINK_OK : ESNN_LOADER_NOT_TAKEN;
}
