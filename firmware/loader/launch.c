#include "launch.h"

#include "esnn_loader_layout.h"
#include "flash.h"
#include "link/crc32.h"
#include "protocol.h"
#include "slots.h"

static int is_installed(const struct esnn_loader_slot *slot)
{
    return esnn_link_crc32(0, esnn_loader_at(ESNN_LOADER_RUN), slot->length) == slot->crc;
}

int esnn_loader_install(void)
{
    struct esnn_loader_slot slot = {0, 0, 0};
    uint32_t number = esnn_loader_newest(&slot);
    if (number == ESNN_LOADER_NO_SLOT) {
        return 0;
    }
    if (is_installed(&slot)) {
        return 1;
    }
    const uint8_t *program = esnn_loader_at(esnn_loader_program_address(number));
    return esnn_loader_erase(ESNN_LOADER_RUN, ESNN_LOADER_RUN_BYTES) &&
           esnn_loader_program(ESNN_LOADER_RUN, program, slot.length) && is_installed(&slot);
}
