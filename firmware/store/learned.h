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

/* What the newest whole slot holds. sequence: how often something was stored before it. */
typedef struct {
    uint32_t sequence, version, network, bytes;
} esnn_learned_record;

enum esnn_learned_held { ESNN_HELD_NOTHING = 0, ESNN_HELD_ANOTHERS = 1, ESNN_HELD_OWN = 2 };

/* Bytes that a slot needs besides its header. */
uint32_t esnn_learned_bytes(const esnn_learned *learned);

/* Stores it, in the slot that does not hold the newest. 0: it does not fit, or flash does not hold what was written; then
 * what was stored before still counts. */
int esnn_learned_store(const esnn_learned *learned);

/* One of enum esnn_learned_held: whether it is this network's, of this version and size. record: all 0 for nothing. */
int esnn_learned_look(const esnn_learned *learned, esnn_learned_record *record);

/* What was stored last into memory. 0, and memory as it was, where there is nothing, or another network's, or of another
 * version. */
int esnn_learned_recall(const esnn_learned *learned);

#endif
