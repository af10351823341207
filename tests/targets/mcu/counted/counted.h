#ifndef COUNTED_H
#define COUNTED_H

#include <stdint.h>

#define COUNTED_INPUT_SIZE 4
#define COUNTED_OUTPUT_SIZE 2
#define COUNTED_TIME_STEPS 5
#define COUNTED_STATE_BYTES 0
#define COUNTED_NODES 3
#ifndef COUNTED_LOOPS
#define COUNTED_LOOPS 1
#endif

void counted_reset(void);
void counted_step(const int8_t *input, int32_t *output);
int counted_decide(void);
const void *counted_state(void);

#endif
