/* Counting what the front end takes, apart from the model's steps. */
#ifndef ESNN_LINK_HEARING_H
#define ESNN_LINK_HEARING_H

#include <stddef.h>
#include <stdint.h>

/* What the counter counted in the front end's functions since the last reset; counting itself is subtracted. */
extern uint64_t esnn_link_heard;

/* Measures what counting costs. */
void esnn_link_calibrate_hearing(void);

/* The front end's functions, counted; spikes go into the model's input. */
int esnn_link_time_hear(const int16_t **samples, size_t *count);
int esnn_link_time_hear_end(void);

/* The same without a front end. In a file of their own: the calls must not be optimised away. */
int esnn_link_hear_nothing(const int16_t **samples, size_t *count, int8_t *input);
int esnn_link_hear_end_nothing(int8_t *input);

#endif
