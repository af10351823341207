/* What each verb does. */
#ifndef ESNN_LINK_VERBS_H
#define ESNN_LINK_VERBS_H

#include "link.h"

void esnn_link_verbs_start(void);

/* Carries out a request and replies. */
void esnn_link_carry_out(struct esnn_link_request *request);

/* One time step of what lies in the input buffer, in modes of enum esnn_link_mode. */
void esnn_link_step(uint8_t modes);

/* What came out so far: digest u32 and count u64 since reset, decision u32, as many outputs i32 as fit in the body,
 * whose beginning may be taken already. Gives the end. */
uint8_t *esnn_link_describe(uint8_t *to);

/* Raw samples into the model's front end. */
void esnn_link_hear_reset(void);
uint8_t esnn_link_hear(const struct esnn_link_request *request, uint8_t *body, size_t *size);
uint8_t esnn_link_hear_end(const struct esnn_link_request *request, uint8_t *body, size_t *size);

/* The verbs that only look. They fill the reply's body, set *size and return the status. */
uint8_t esnn_link_identify(uint8_t *body, size_t *size);
uint8_t esnn_link_read(const struct esnn_link_request *request, uint8_t *body, size_t *size);
uint8_t esnn_link_counters(uint8_t *body, size_t *size);
uint8_t esnn_link_stack(uint8_t *body, size_t *size);

/* Samples for a network that learns. */
void esnn_link_learn_start(void);
void esnn_link_learn_reset(void);
uint8_t esnn_link_spikes(const struct esnn_link_request *request, uint8_t *body, size_t *size);
uint8_t esnn_link_label(const struct esnn_link_request *request, uint8_t *body, size_t *size);
uint8_t esnn_link_learning(const struct esnn_link_request *request);

/* What it has learned: one of the areas for it; of another, no bytes. */
const uint8_t *esnn_link_learned(uint8_t area);
uint32_t esnn_link_learned_bytes(uint8_t area);

/* The same in flash: what is in memory is stored; what is stored comes into memory, and the reply says where its random
 * numbers stand; and what is stored. */
uint8_t esnn_link_store(void);
uint8_t esnn_link_recall(uint8_t *body, size_t *size);
uint8_t esnn_link_stored(uint8_t *body, size_t *size);

/* Bytes into the state memory or into the output of the node where a step waits: what a layer costs at worst is measured
 * with contents that no sample need bring about. */
uint8_t esnn_link_write(const struct esnn_link_request *request);

/* Values i8 from an offset into the model's input, checked against its declared range. After a refusal the input is
 * partly written. */
uint8_t esnn_link_load(const struct esnn_link_request *request, uint8_t *body, size_t *size);
uint8_t esnn_link_load_runs(const struct esnn_link_request *request, uint8_t *body, size_t *size);

#endif
