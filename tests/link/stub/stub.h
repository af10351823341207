#ifndef STUB_H
#define STUB_H

#include <stddef.h>
#include <stdint.h>

#define STUB_INPUT_SIZE 300
#define STUB_OUTPUT_SIZE 2
#define STUB_TIME_STEPS 1000
#define STUB_STATE_BYTES 1200
#define STUB_NODES 3
#define STUB_HOP 3

void stub_reset(void);
void stub_step(const int8_t *input, int32_t *output);
int stub_decide(void);
const void *stub_state(void);

void stub_hear_reset(void);
int stub_hear(const int16_t **samples, size_t *count, int8_t *input);
int stub_hear_end(int8_t *input);

#endif
