#include "link.h"

#include "frame.h"
#include "port.h"
#include "verbs.h"
#include "wire.h"

static struct esnn_link_receiver receiver;
static uint8_t reply[ESNN_LINK_FRAME_BYTES];
static size_t reply_size;      /* 0 before the first reply */
static uint32_t last_crc;      /* of the last request carried out */
static uint8_t last_sequence;
static uint8_t request_is_held; /* the receiver holds a request that is being carried out */

void esnn_link_start(void)
{
    esnn_link_receiver_clear(&receiver);
    reply_size = 0;
    request_is_held = 0;
    esnn_link_verbs_start();
}

uint8_t *esnn_link_body(void)
{
    return reply + ESNN_LINK_REPLY_HEADER;
}

void esnn_link_reply(const struct esnn_link_request *request, uint8_t status, size_t size)
{
    reply[0] = ESNN_LINK_VERSION;
    reply[1] = request->sequence;
    reply[2] = request->verb;
    reply[3] = status;
    reply_size = ESNN_LINK_REPLY_HEADER + size;
    esnn_link_send(reply, reply_size);
}

/* A frame that is no request of ours: says so without touching the last reply, which may still be asked for. */
static void refuse(uint8_t sequence, uint8_t verb, uint8_t status)
{
    uint8_t frame[ESNN_LINK_REPLY_HEADER + ESNN_LINK_CRC_BYTES] = {ESNN_LINK_VERSION, sequence, verb, status};
    esnn_link_send(frame, ESNN_LINK_REPLY_HEADER);
}

static int is_repetition(uint32_t crc)
{
    return reply_size != 0 && receiver.bytes[1] == last_sequence && crc == last_crc;
}

/* A frame with a right CRC lies in the receiver: 1 when it is to be carried out. */
static int accept(struct esnn_link_request *request)
{
    const uint8_t *frame = receiver.bytes;
    if (receiver.size < ESNN_LINK_REQUEST_HEADER) {
        refuse(0, 0, ESNN_LINK_GARBLED);
        return 0;
    }
    if (frame[0] != ESNN_LINK_VERSION) {
        refuse(frame[1], frame[2], ESNN_LINK_BAD_VERSION);
        return 0;
    }
    uint32_t crc = esnn_link_get32(frame + receiver.size); /* still behind the frame */
    if (is_repetition(crc) && frame[2] != ESNN_LINK_IDENTIFY) {
        esnn_link_send(reply, reply_size);
        return 0;
    }
    last_crc = crc;
    last_sequence = frame[1];
    request->sequence = frame[1];
    request->verb = frame[2];
    request->body = frame + ESNN_LINK_REQUEST_HEADER;
    request->size = receiver.size - ESNN_LINK_REQUEST_HEADER;
    return 1;
}

int esnn_link_next(struct esnn_link_request *request)
{
    if (request_is_held) {
        esnn_link_receiver_clear(&receiver);
        request_is_held = 0;
    }
    int byte = esnn_port_read();
    if (byte < 0) {
        return 0;
    }
    enum esnn_link_received received = esnn_link_receive(&receiver, (uint8_t)byte);
    if (received == ESNN_LINK_FRAME && accept(request)) {
        request_is_held = 1;
        return 1;
    }
    if (received == ESNN_LINK_BROKEN) {
        refuse(0, 0, ESNN_LINK_GARBLED);
    }
    if (received != ESNN_LINK_PARTIAL || byte == 0) {
        esnn_link_receiver_clear(&receiver);
    }
    return 0;
}

void esnn_link_poll(void)
{
    struct esnn_link_request request;
    if (esnn_link_next(&request)) {
        esnn_link_carry_out(&request);
    }
}
