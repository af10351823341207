#include "learned.h"

#include <string.h>

#include "esnn_loader_layout.h"
#include "link/crc32.h"
#include "link/wire.h"
#include "loader/flash.h"
#include "loader/protocol.h"
#include "loader/slots.h"

#define FIELDS_BYTES 12u /* version, network, bytes of all parts */

/* Bytes on their way to flash, which takes whole units. */
struct writer {
    uint8_t unit[ESNN_LOADER_UNIT];
    uint32_t filled, address, crc;
    int works;
};

static void flush(struct writer *writer)
{
    writer->crc = esnn_link_crc32(writer->crc, writer->unit, sizeof writer->unit);
    writer->works = writer->works && esnn_loader_program(writer->address, writer->unit, sizeof writer->unit);
    writer->address += (uint32_t)sizeof writer->unit;
    writer->filled = 0;
}

static void put(struct writer *writer, const uint8_t *data, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        writer->unit[writer->filled++] = data[i];
        if (writer->filled == sizeof writer->unit) {
            flush(writer);
        }
    }
}

static uint32_t part_bytes(const esnn_learned *learned)
{
    uint32_t bytes = 0;

    for (uint32_t i = 0; i < learned->parts; i++) {
        bytes += learned->part[i].bytes;
    }
    return bytes;
}

static void fields(const esnn_learned *learned, uint8_t *to)
{
    uint8_t *end = esnn_link_put32(to, ESNN_STORE_VERSION);

    end = esnn_link_put32(end, learned->network);
    (void)esnn_link_put32(end, part_bytes(learned));
}

uint32_t esnn_learned_bytes(const esnn_learned *learned)
{
    const uint32_t bytes = FIELDS_BYTES + part_bytes(learned);

    return (bytes + ESNN_LOADER_UNIT - 1u) / ESNN_LOADER_UNIT * ESNN_LOADER_UNIT;
}

/* All of it behind the slot's header; gives its CRC, or 0 in writer->works. */
static void write_parts(const esnn_learned *learned, struct writer *writer)
{
    uint8_t first[FIELDS_BYTES];

    fields(learned, first);
    put(writer, first, sizeof first);
    for (uint32_t i = 0; i < learned->parts; i++) {
        put(writer, learned->part[i].memory, learned->part[i].bytes);
    }
    if (writer->filled != 0u) {
        memset(writer->unit + writer->filled, (int)ESNN_LOADER_ERASED, sizeof writer->unit - writer->filled);
        flush(writer);
    }
}

int esnn_learned_store(const esnn_learned *learned)
{
    struct esnn_loader_slot slot = {0, esnn_learned_bytes(learned), 0};
    struct esnn_loader_slot before;
    const uint32_t newest = esnn_loader_newest(&before);
    const uint32_t number = newest == 0u ? 1u : 0u;
    struct writer writer = {{0}, 0, esnn_loader_program_address(number), 0, 1};

    if (slot.length > ESNN_LOADER_SLOT_BYTES - ESNN_LOADER_HEADER_BYTES ||
        !esnn_loader_erase(esnn_loader_slot_address(number), ESNN_LOADER_SLOT_BYTES)) {
        return 0;
    }
    write_parts(learned, &writer);
    slot.sequence = newest == ESNN_LOADER_NO_SLOT ? 0u : before.sequence + 1u;
    slot.crc = writer.crc;
    return writer.works && esnn_loader_seal(number, &slot);
}

int esnn_learned_look(const esnn_learned *learned, esnn_learned_record *record)
{
    static const esnn_learned_record nothing;
    struct esnn_loader_slot slot;
    const uint32_t number = esnn_loader_newest(&slot);
    uint8_t wanted[FIELDS_BYTES];

    *record = nothing;
    if (number == ESNN_LOADER_NO_SLOT) {
        return ESNN_HELD_NOTHING;
    }
    const uint8_t *const from = esnn_loader_at(esnn_loader_program_address(number));

    record->sequence = slot.sequence;
    record->version = esnn_link_get32(from);
    record->network = esnn_link_get32(from + 4);
    record->bytes = slot.length;
    fields(learned, wanted);
    return slot.length == esnn_learned_bytes(learned) && memcmp(from, wanted, sizeof wanted) == 0 ? ESNN_HELD_OWN
                                                                                                 : ESNN_HELD_ANOTHERS;
}

int esnn_learned_recall(const esnn_learned *learned)
{
    esnn_learned_record record;
    struct esnn_loader_slot slot;

    if (esnn_learned_look(learned, &record) != ESNN_HELD_OWN) {
        return 0;
    }
    const uint8_t *from = esnn_loader_at(esnn_loader_program_address(esnn_loader_newest(&slot))) + FIELDS_BYTES;

    for (uint32_t i = 0; i < learned->parts; i++) {
        memcpy(learned->part[i].memory, from, learned->part[i].bytes);
        from += learned->part[i].bytes;
    }
    return 1;
}
