#include "frame.h"

#include "crc32.h"
#include "port.h"
#include "wire.h"

#define LONGEST_BLOCK 254u

void esnn_link_receiver_clear(struct esnn_link_receiver *receiver)
{
    receiver->size = 0;
    receiver->left = 0;
    receiver->code = 0;
    receiver->overflow = 0;
}

static void append(struct esnn_link_receiver *receiver, uint8_t byte)
{
    if (receiver->size < sizeof receiver->bytes) {
        receiver->bytes[receiver->size++] = byte;
    } else {
        receiver->overflow = 1;
    }
}

static enum esnn_link_received finish(struct esnn_link_receiver *receiver)
{
    if (receiver->code == 0) {
        return ESNN_LINK_PARTIAL; /* nothing between two delimiters */
    }
    if (receiver->overflow || receiver->left != 0 || receiver->size < ESNN_LINK_CRC_BYTES) {
        return ESNN_LINK_BROKEN;
    }
    size_t size = receiver->size - ESNN_LINK_CRC_BYTES;
    if (esnn_link_crc32(0, receiver->bytes, size) != esnn_link_get32(receiver->bytes + size)) {
        return ESNN_LINK_BROKEN;
    }
    receiver->size = size;
    return ESNN_LINK_FRAME;
}

enum esnn_link_received esnn_link_receive(struct esnn_link_receiver *receiver, uint8_t byte)
{
    if (byte == 0) {
        return finish(receiver);
    }
    if (receiver->left > 0) {
        receiver->left--;
        append(receiver, byte);
        return ESNN_LINK_PARTIAL;
    }
    if (receiver->code != 0 && receiver->code <= LONGEST_BLOCK) {
        append(receiver, 0); /* a block shorter than the longest stands for its bytes and a zero */
    }
    receiver->code = byte;
    receiver->left = (uint8_t)(byte - 1u);
    return ESNN_LINK_PARTIAL;
}

/* Sends COBS code: every block is its length plus one, then bytes without a zero. */
static void send_coded(const uint8_t *data, size_t size)
{
    const uint8_t delimiter = 0;
    size_t at = 0;
    for (;;) {
        size_t run = 0;
        while (at + run < size && run < LONGEST_BLOCK && data[at + run] != 0) {
            run++;
        }
        uint8_t code = (uint8_t)(run + 1u);
        esnn_port_write(&code, 1);
        esnn_port_write(data + at, run);
        at += run;
        if (at == size) {
            break;
        }
        if (run < LONGEST_BLOCK) {
            at++; /* the zero that the block's end stands for; if it was the last byte, an empty block follows */
        }
    }
    esnn_port_write(&delimiter, 1);
    esnn_port_flush();
}

void esnn_link_send(uint8_t *frame, size_t size)
{
    (void)esnn_link_put32(frame + size, esnn_link_crc32(0, frame, size));
    send_coded(frame, size + ESNN_LINK_CRC_BYTES);
}
