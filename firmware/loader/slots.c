#include "slots.h"

#include <string.h>

#include "esnn_loader_layout.h"
#include "flash.h"
#include "link/crc32.h"
#include "link/wire.h"
#include "protocol.h"

#define MAGIC 0x4e535345u /* "ESSN" */
#define FIELDS_BYTES 16u  /* magic, sequence, length, crc: what the header's own CRC is of */
#define HALF 0x80000000u

static const uint32_t addresses[ESNN_LOADER_SLOTS] = {ESNN_LOADER_SLOT_A, ESNN_LOADER_SLOT_B};

uint32_t esnn_loader_slot_address(uint32_t number)
{
    return addresses[number];
}

uint32_t esnn_loader_program_address(uint32_t number)
{
    return addresses[number] + ESNN_LOADER_HEADER_BYTES;
}

uint32_t esnn_loader_room(void)
{
    uint32_t room = ESNN_LOADER_SLOT_BYTES - ESNN_LOADER_HEADER_BYTES;
    return room < ESNN_LOADER_RUN_BYTES ? room : ESNN_LOADER_RUN_BYTES;
}

int esnn_loader_slot_read(uint32_t number, struct esnn_loader_slot *slot)
{
    const uint8_t *header = esnn_loader_at(esnn_loader_slot_address(number));
    slot->sequence = esnn_link_get32(header + 4);
    slot->length = esnn_link_get32(header + 8);
    slot->crc = esnn_link_get32(header + 12);
    if (esnn_link_get32(header) != MAGIC || slot->length == 0 || slot->length > esnn_loader_room()) {
        return 0;
    }
    if (esnn_link_get32(header + FIELDS_BYTES) != esnn_link_crc32(0, header, FIELDS_BYTES)) {
        return 0;
    }
    return esnn_link_crc32(0, esnn_loader_at(esnn_loader_program_address(number)), slot->length) == slot->crc;
}

uint32_t esnn_loader_newest(struct esnn_loader_slot *slot)
{
    struct esnn_loader_slot first, second;
    int has_first = esnn_loader_slot_read(0, &first);
    int has_second = esnn_loader_slot_read(1, &second);
    if (!has_first && !has_second) {
        return ESNN_LOADER_NO_SLOT;
    }
    int takes_second = has_second && (!has_first || second.sequence - first.sequence < HALF);
    *slot = takes_second ? second : first;
    return takes_second ? 1u : 0u;
}

int esnn_loader_seal(uint32_t number, const struct esnn_loader_slot *slot)
{
    uint8_t header[ESNN_LOADER_HEADER_BYTES];
    struct esnn_loader_slot written;
    memset(header, (int)ESNN_LOADER_ERASED, sizeof header);
    uint8_t *end = esnn_link_put32(header, MAGIC);
    end = esnn_link_put32(end, slot->sequence);
    end = esnn_link_put32(end, slot->length);
    end = esnn_link_put32(end, slot->crc);
    (void)esnn_link_put32(end, esnn_link_crc32(0, header, FIELDS_BYTES));
    return esnn_loader_program(esnn_loader_slot_address(number), header, sizeof header) &&
           esnn_loader_slot_read(number, &written);
}
