/* Frames: COBS-coded bytes between 0x00 delimiters, with a CRC-32 at the end. */
#ifndef ESNN_LINK_FRAME_H
#define ESNN_LINK_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

#define ESNN_LINK_FRAME_BYTES (ESNN_LINK_REPLY_HEADER + ESNN_LINK_BODY_BYTES + ESNN_LINK_CRC_BYTES)

/* Decodes byte by byte, so that half a frame never blocks anything and any delimiter starts afresh. */
struct esnn_link_receiver {
    uint8_t bytes[ESNN_LINK_FRAME_BYTES];
    size_t size;      /* decoded so far */
    uint8_t left;     /* bytes before the next code byte */
    uint8_t code;     /* the block's code byte, 0 before the first */
    uint8_t overflow; /* more than fits: the frame is dropped at its delimiter */
};

enum esnn_link_received { ESNN_LINK_PARTIAL, ESNN_LINK_FRAME, ESNN_LINK_BROKEN };

void esnn_link_receiver_clear(struct esnn_link_receiver *receiver);

/* One byte from the wire. FRAME: bytes[0..size) is a frame whose CRC was right (and is cut off);
 * it stays valid until the receiver is cleared, which the caller does before feeding on. */
enum esnn_link_received esnn_link_receive(struct esnn_link_receiver *receiver, uint8_t byte);

/* Appends the CRC to frame[0..size), which needs ESNN_LINK_CRC_BYTES more of room, and sends it all. */
void esnn_link_send(uint8_t *frame, size_t size);

#endif
