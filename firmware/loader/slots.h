/* Two places for programs. The header of a slot is written after its program, so a slot is whole or it is nothing. */
#ifndef ESNN_LOADER_SLOTS_H
#define ESNN_LOADER_SLOTS_H

#include <stdint.h>

#define ESNN_LOADER_SLOTS 2u
#define ESNN_LOADER_HEADER_BYTES 32u

struct esnn_loader_slot {
    uint32_t sequence; /* higher: newer; wraps around */
    uint32_t length;   /* bytes of the program, which follows the header */
    uint32_t crc;      /* CRC-32 of the program */
};

uint32_t esnn_loader_slot_address(uint32_t number);
uint32_t esnn_loader_program_address(uint32_t number);

/* Longest program. */
uint32_t esnn_loader_room(void);

/* 1 where the slot holds a whole program: header and program have the right CRC. */
int esnn_loader_slot_read(uint32_t number, struct esnn_loader_slot *slot);

/* The whole slot with the newest program, or ESNN_LOADER_NO_SLOT. */
uint32_t esnn_loader_newest(struct esnn_loader_slot *slot);

/* Writes the header of a program that is in place already. Returns 0 where the slot is not whole afterwards. */
int esnn_loader_seal(uint32_t number, const struct esnn_loader_slot *slot);

#endif
