/* Counting one step, and what the counting itself costs, so that the host can subtract it to the instruction. */
#ifndef ESNN_LINK_TIMING_H
#define ESNN_LINK_TIMING_H

#include <stdint.h>

/* The model's input and last output, which every step uses. */
extern int8_t esnn_link_input[];
extern int32_t esnn_link_output[];

/* What is counted besides the model's own instructions. */
struct esnn_link_overhead {
    uint32_t call;  /* of a step: starting, calling and reading the counter */
    uint32_t off;   /* of a hook with all modes off, in a step's count */
    uint32_t count; /* of a hook in mode COUNT, in its node's count */
};
extern struct esnn_link_overhead esnn_link_overhead;

/* Measures it; the counter gives the same every time. */
void esnn_link_calibrate(void);

/* One time step of the model, counted with the overhead; and the same without a model. */
uint32_t esnn_link_time_step(void);
uint32_t esnn_link_time_nothing(void);

/* What a hook costs in a step's count with all modes off, and in its node's count in mode COUNT. */
uint32_t esnn_link_time_hook_off(void);
uint32_t esnn_link_time_hook(void);

/* A step without instructions but its return. In a file of its own: the call must not be optimised away. */
void esnn_link_nothing(const int8_t *input, int32_t *output);

#endif
