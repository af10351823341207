/* Counting what learning takes: forward, backward, update. */
#ifndef ESNN_LINK_LEARNING_H
#define ESNN_LINK_LEARNING_H

#include <stdint.h>

/* What the counter counted of the sample, without the counting itself. */
struct esnn_link_effort {
    uint64_t forward;
    uint32_t backward, update;
};
extern struct esnn_link_effort esnn_link_effort;

/* Measures what counting costs. */
void esnn_link_calibrate_learning(void);

/* The functions of a network that learns, counted. */
void esnn_link_count_spikes(const uint16_t *list, uint32_t spikes);
void esnn_link_count_end(void);
void esnn_link_count_backward(int label);
void esnn_link_count_update(void);

/* Of the same shapes, without a network. In a file of their own: the calls must not be optimised away. */
void esnn_link_spikes_nothing(const uint16_t *list, uint32_t spikes);
void esnn_link_end_nothing(void);
int esnn_link_backward_nothing(int label);

#endif
