/* What the rules share whose errors are of spike times. */
#ifndef EDGESNN_LEARN_TIMED_H
#define EDGESNN_LEARN_TIMED_H

#include "esnn_learner.h"

/* Errors of the output's potentials, from minus the times in `late`, a score a class, and the slopes in its records.
 * rival: as in esnn_softmax_errors. */
void esnn_output_time_errors(const esnn_learn *p, const int32_t *late, int32_t label, int32_t softness, int32_t rival);

/* Errors of all hidden spikes, from those of the output. */
void esnn_hidden_time_errors(const esnn_learn *p);

#endif
