/* What happens after each node of a step: counting, digesting, waiting. */
#ifndef ESNN_LINK_OBSERVE_H
#define ESNN_LINK_OBSERVE_H

#include <stdint.h>

#include "link.h"

/* A step is about to begin, in modes of enum esnn_link_mode. */
void esnn_link_observe_begin(uint8_t modes, uint32_t digest);

/* The step has ended: hooks off. Gives the digest, chained over all outputs (not yet the state memory). */
uint32_t esnn_link_observe_end(void);

/* The request that a waiting step is to answer at its next stop or its end. */
extern struct esnn_link_request esnn_link_waiting;

/* The output of the node where a step waits; bytes is 0 when none does. */
extern const uint8_t *esnn_link_node_output;
extern uint32_t esnn_link_node_bytes;

/* Counts per node since reset, hooks included. */
extern uint64_t esnn_link_node_counts[];

#endif
