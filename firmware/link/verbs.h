/* What each verb does. */
#ifndef ESNN_LINK_VERBS_H
#define ESNN_LINK_VERBS_H

#include "link.h"

void esnn_link_verbs_start(void);

/* Carries out a request and replies. */
void esnn_link_carry_out(struct esnn_link_request *request);

/* The verbs that only look. They fill the reply's body, set *size and return the status. */
uint8_t esnn_link_identify(uint8_t *body, size_t *size);
uint8_t esnn_link_read(const struct esnn_link_request *request, uint8_t *body, size_t *size);
uint8_t esnn_link_counters(uint8_t *body, size_t *size);
uint8_t esnn_link_stack(uint8_t *body, size_t *size);

/* Values i8 from an offset into the model's input, checked against its declared range. After a refusal the input is
 * partly written. */
uint8_t esnn_link_load(const struct esnn_link_request *request, uint8_t *body, size_t *size);
uint8_t esnn_link_load_runs(const struct esnn_link_request *request, uint8_t *body, size_t *size);

#endif
