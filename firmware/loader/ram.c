/* Plain memory in the place of flash, as the emulated boards have it. */
#include <string.h>

#include "flash.h"

const uint8_t *esnn_loader_at(uint32_t address)
{
    return (const uint8_t *)(uintptr_t)address;
}

int esnn_loader_erase(uint32_t address, uint32_t size)
{
    memset((uint8_t *)(uintptr_t)address, (int)ESNN_LOADER_ERASED, size);
    return 1;
}

int esnn_loader_program(uint32_t address, const uint8_t *data, uint32_t size)
{
    memcpy((uint8_t *)(uintptr_t)address, data, size);
    return 1;
}
