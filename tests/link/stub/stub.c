/* A model of a few lines, to test the link by: state[i] += input[i], output = {sum of states, -steps}. Its front end
 * makes a step of every three samples, whose four-hundredths are the first three inputs; a last step may be shorter. */
#include "stub.h"

#include "edgesnn/observe.h"

static int32_t state[STUB_INPUT_SIZE];
static int32_t last[STUB_OUTPUT_SIZE];

void stub_reset(void)
{
    for (int i = 0; i < STUB_INPUT_SIZE; i++) {
        state[i] = 0;
    }
    last[1] = 0;
}

void stub_step(const int8_t *input, int32_t *output)
{
    esnn_observe(0, input, STUB_INPUT_SIZE);
    int32_t sum = 0;
    for (int i = 0; i < STUB_INPUT_SIZE; i++) {
        state[i] += input[i];
        sum += state[i];
    }
    last[0] = sum;
    last[1] -= 1;
    esnn_observe(2, last, sizeof last);
    output[0] = last[0];
    output[1] = last[1];
}

int stub_decide(void)
{
    return last[1] > last[0];
}

const void *stub_state(void)
{
    return state;
}

static int16_t heard[STUB_HOP];
static int filled;

void stub_hear_reset(void)
{
    filled = 0;
}

static int give(int8_t *input)
{
    for (int i = 0; i < STUB_INPUT_SIZE; i++) {
        input[i] = (int8_t)(i < filled ? heard[i] / 400 : 0);
    }
    filled = 0;
    return 1;
}

int stub_hear(const int16_t **samples, size_t *count, int8_t *input)
{
    while (filled < STUB_HOP && *count > 0) {
        heard[filled++] = *(*samples)++;
        (*count)--;
    }
    return filled == STUB_HOP ? give(input) : 0;
}

int stub_hear_end(int8_t *input)
{
    return filled > 0 ? give(input) : 0;
}
