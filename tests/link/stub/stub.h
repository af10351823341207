#ifndef STUB_H
#define STUB_H

#include <stdint.h>

#define STUB_INPUT_SIZE 300
#define STUB_OUTPUT_SIZE 2
#define STUB_TIME_STEPS 1000
#define STUB_STATE_BYTES 1200
#define STUB_NODES 3

void stub_reset(void);
void stub_step(const int8_t *input, int32_t *output);
int stub_decide(void);
const void *stub_state(void);

#endif
