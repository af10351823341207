/* Runs samples from standard input through a generated model and writes everything it shows to standard output: for
 * each step the observed outputs in node order, then states and output; after each sample the decision as one byte.
 * Built with -DMODEL_HEADER="m.h" -DLOWER=m -DUPPER=M; arguments: samples, steps of each. */
#include <stdio.h>
#include <stdlib.h>

#include MODEL_HEADER
#include "edgesnn/observe.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

void esnn_observe(uint16_t node, const void *output, uint32_t bytes)
{
    (void)node;
    fwrite(output, 1, bytes, stdout);
}

int main(int argc, char **argv)
{
    const long samples = argc > 2 ? atol(argv[1]) : 0, steps = argc > 2 ? atol(argv[2]) : 0;
    int8_t *input = malloc(JOIN(UPPER, _INPUT_SIZE)); /* the heap, so that the sanitizer sees every byte past its end */
    int32_t *output = malloc(JOIN(UPPER, _OUTPUT_SIZE) * sizeof(*output));

    for (long sample = 0; sample < samples; sample++) {
        JOIN(LOWER, _reset)();
        for (long step = 0; step < steps; step++) {
            if (fread(input, 1, JOIN(UPPER, _INPUT_SIZE), stdin) != JOIN(UPPER, _INPUT_SIZE)) {
                return 2;
            }
            JOIN(LOWER, _step)(input, output);
            fwrite(JOIN(LOWER, _state)(), 1, JOIN(UPPER, _STATE_BYTES), stdout);
            fwrite(output, sizeof(*output), JOIN(UPPER, _OUTPUT_SIZE), stdout);
        }
        putchar(JOIN(LOWER, _decide)());
    }
    free(input);
    free(output);
    return 0;
}
