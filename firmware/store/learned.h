/* What a network has learned, in flash that keeps it without power. Two slots of the loader's form (loader/slots.h) take
 * turns, and the header of a slot is written last: whenever the power goes, what was stored before or what is being stored
 * now is there, whole. An application compiles this folder, loader/slots.c and link/crc32.c, writes the driver that
 * loader/flash.h asks for, and says in esnn_loader_layout.h where the slots lie.
 */
#ifndef ESNN_STORE_LEARNED_H
#define ESNN_STORE_LEARNED_H

#include <stdint.h>

#include "edgesnn/learn.h"

#define ESNN_STORE_VERSION 1u

/* part: the pieces of memory, NAME_parts() of NAME_PARTS; network: NAME_NETWORK. */
typedef struct {
    const esnn_learn_part *part;
    uint32_t parts, network;
} esnn_learned;

/* Bytes that a slot needs besides its header. */
uint32_t esnn_learned_bytes(const esnn_learned *learned);

/* Stores it, in the slot that does not hold the newest. 0: it does not fit, or flash does not hold what was written; then
 * what was stored before still counts. */
int esnn_learned_store(const esnn_learned *learned);

/* What was stored last into memory. 0, and memory as it was, where there is nothing, or another network's, or of another
 * version. */
int esnn_learned_recall(const esnn_learned *learned);

#endif
