/* The memory that holds slots and the running program. One file beside this one implements it. */
#ifndef ESNN_LOADER_FLASH_H
#define ESNN_LOADER_FLASH_H

#include <stdint.h>

#define ESNN_LOADER_ERASED 0xffu

/* Where memory at an address can be read. */
const uint8_t *esnn_loader_at(uint32_t address);

/* All bytes to ESNN_LOADER_ERASED, the first ones first. Both bounds lie between sectors. Returns 0 where it fails. */
int esnn_loader_erase(uint32_t address, uint32_t size);

/* Bytes into erased memory; address and size are multiples of ESNN_LOADER_UNIT. Returns 0 where it fails. */
int esnn_loader_program(uint32_t address, const uint8_t *data, uint32_t size);

#endif
