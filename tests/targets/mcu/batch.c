/* Runs samples from standard input through one of the generated models it was linked with, and writes everything the
 * model shows to standard output: for each step the observed outputs in node order, then states and output; after each
 * sample the decision as one byte. Arguments: model, samples, steps of each.
 *
 * models.h includes the models' headers and defines MODELS as a row of MODEL(m, M). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models.h"

typedef struct {
    const char *name;
    size_t inputs, outputs, state_bytes;
    void (*reset)(void);
    void (*step)(const int8_t *, int32_t *);
    int (*decide)(void);
    const void *(*state)(void);
} model;

#define MODEL(m, M) {#m, M##_INPUT_SIZE, M##_OUTPUT_SIZE, M##_STATE_BYTES, m##_reset, m##_step, m##_decide, m##_state},
static const model known[] = {MODELS};

void esnn_observe(uint16_t node, const void *output, uint32_t bytes);

void esnn_observe(uint16_t node, const void *output, uint32_t bytes)
{
    (void)node;
    fwrite(output, 1, bytes, stdout);
}

static int run(const model *m, long samples, long steps)
{
    int8_t *input = malloc(m->inputs); /* the heap, so that the sanitizer sees every byte past its end */
    int32_t *output = malloc(m->outputs * sizeof(*output));

    for (long sample = 0; sample < samples; sample++) {
        m->reset();
        for (long step = 0; step < steps; step++) {
            if (fread(input, 1, m->inputs, stdin) != m->inputs) {
                return 2;
            }
            m->step(input, output);
            fwrite(m->state(), 1, m->state_bytes, stdout);
            fwrite(output, sizeof(*output), m->outputs, stdout);
        }
        putchar(m->decide());
    }
    free(input);
    free(output);
    return 0;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 4 && i < sizeof(known) / sizeof(*known); i++) {
        if (strcmp(argv[1], known[i].name) == 0) {
            return run(&known[i], atol(argv[2]), atol(argv[3]));
        }
    }
    return 3;
}
