/* The device's side of the serial link. A port's main calls esnn_link_start once and esnn_link_poll for ever.
 *
 * The model is bound at compile time by the generated esnn_link_model.h, so that every call is direct and the
 * compiler's call graph gives the worst-case stack.
 */
#ifndef ESNN_LINK_LINK_H
#define ESNN_LINK_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

/* A valid request that has not been carried out yet. body lies in the receiver until the next esnn_link_next. */
struct esnn_link_request {
    uint8_t sequence;
    uint8_t verb;
    const uint8_t *body;
    size_t size;
};

void esnn_link_start(void);

/* Takes what the port has received, and answers a request when one is complete. */
void esnn_link_poll(void);

/* The same one layer down: 1 when a request is to be carried out. Garbage, other versions and repetitions are
 * answered here: a repetition (same sequence and CRC as the last request) gets the last reply again, because a
 * step must not be carried out twice. */
int esnn_link_next(struct esnn_link_request *request);

/* Where the reply's body is written, ESNN_LINK_BODY_BYTES long, and the call that sends it. */
uint8_t *esnn_link_body(void);
void esnn_link_reply(const struct esnn_link_request *request, uint8_t status, size_t size);

#endif
