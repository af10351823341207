/* Feeds the front end of the model "ear" from standard input and writes its spikes to standard output.
 * Input: chunks, each a count u32 (values) and int16 values in the machine's order; the count 0xffffffff ends a recording. */
#include <stdio.h>
#include <stdlib.h>

#include "ear_front_end.h"

#define CHANNELS 64
#define END 0xffffffffu

static void put(const int8_t *spikes, size_t channels)
{
    if (fwrite(spikes, 1, channels, stdout) != channels) {
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv)
{
    const size_t channels = argc == 2 ? (size_t)strtoul(argv[1], NULL, 10) : 0;
    int8_t spikes[CHANNELS];
    uint32_t values;

    ear_hear_reset();
    while (fread(&values, sizeof values, 1, stdin) == 1) {
        if (values == END) {
            while (ear_hear_end(spikes)) {
                put(spikes, channels);
            }
            ear_hear_reset();
            continue;
        }
        /* exactly as long as the chunk, so that the sanitizer sees every step beyond it */
        int16_t *chunk = malloc(values == 0 ? 1 : values * sizeof *chunk);
        const int16_t *samples = chunk;
        size_t count = values;

        if (chunk == NULL || fread(chunk, sizeof *chunk, values, stdin) != values) {
            return EXIT_FAILURE;
        }
        while (ear_hear(&samples, &count, spikes)) {
            put(spikes, channels);
        }
        if (count != 0 || samples != chunk + values) {
            return EXIT_FAILURE;
        }
        free(chunk);
    }
    return EXIT_SUCCESS;
}
