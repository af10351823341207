/* A program on its way into the slot that does not start. Each returns an enum esnn_link_status or esnn_loader_status. */
#ifndef ESNN_LOADER_RECEIVE_H
#define ESNN_LOADER_RECEIVE_H

#include <stdint.h>

void esnn_loader_receive_start(void);

/* Empties the slot, whose number it gives, for a program of that length and CRC. */
uint8_t esnn_loader_begin(uint32_t length, uint32_t crc, uint8_t *number);

/* The next bytes: offset is where the last ones ended. */
uint8_t esnn_loader_write(uint32_t offset, const uint8_t *data, uint32_t size);

/* Makes it the program that starts, if all of it is there and right. */
uint8_t esnn_loader_commit(void);

#endif
