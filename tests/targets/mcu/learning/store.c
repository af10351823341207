/* A network that learns, and whose flash loses its power at every moment of storing what it has learned, one after the
 * other. Prints how many moments there were, and how often the old and the new came back. Ends with 1, and says where, if
 * anything else ever does.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esnn_loader_layout.h"
#include "loader/flash.h"
#include "loader/protocol.h"
#include "pupil.h"
#include "store/learned.h"

#define MEMORY_BYTES 0x3000u
#define SECTOR_BYTES 0x400u
#define IMAGE_BYTES 4096u

static uint8_t memory[MEMORY_BYTES];
static long work_left = -1; /* units programmed and sectors erased before the power is cut; negative: never */
static jmp_buf power_cut;
static int torn; /* the last unit is written in part */

static void work(void)
{
    if (work_left == 0) {
        longjmp(power_cut, 1);
    }
    work_left--;
}

const uint8_t *esnn_loader_at(uint32_t address)
{
    return memory + address;
}

int esnn_loader_erase(uint32_t address, uint32_t size)
{
    for (uint32_t at = address; at < address + size; at += SECTOR_BYTES) {
        if (torn && work_left == 0) {
            memset(memory + at, 0xff, SECTOR_BYTES / 2);
        }
        work();
        memset(memory + at, 0xff, SECTOR_BYTES);
    }
    return 1;
}

int esnn_loader_program(uint32_t address, const uint8_t *data, uint32_t size)
{
    for (uint32_t at = 0; at < size; at += ESNN_LOADER_UNIT) {
        for (uint32_t i = 0; i < ESNN_LOADER_UNIT; i++) {
            if (i == (torn ? ESNN_LOADER_UNIT / 2 : 0)) {
                work();
            }
            memory[address + at + i] &= data[at + i];
        }
    }
    return 1;
}

static void fail(const char *what, long moment)
{
    printf("after %ld pieces of work: %s\n", moment, what);
    exit(1);
}

static void learn_some(uint32_t seed, int samples)
{
    for (int n = 0; n < samples; n++) {
        pupil_reset();
        for (int t = 0; t < PUPIL_TIME_STEPS; t++) {
            uint16_t list[PUPIL_INPUT_SIZE];
            uint32_t spikes = 0;

            for (uint16_t i = 0; i < PUPIL_INPUT_SIZE; i++) {
                seed = seed * 1664525u + 1013904223u;
                if (seed >> 29 == 0u) {
                    list[spikes++] = i;
                }
            }
            pupil_spikes(list, spikes);
        }
        pupil_end();
        (void)pupil_learn(n % PUPIL_OUTPUT_SIZE);
    }
}

/* All that was learned as one string of bytes; gives its length. */
static size_t image(uint8_t *to)
{
    size_t size = 0;

    for (uint32_t i = 0; i < PUPIL_PARTS; i++) {
        memcpy(to + size, pupil_parts()[i].memory, pupil_parts()[i].bytes);
        size += pupil_parts()[i].bytes;
    }
    return size;
}

static int store_until(const esnn_learned *learned, long moment)
{
    work_left = moment;
    if (setjmp(power_cut) != 0) {
        return 0;
    }
    if (!esnn_learned_store(learned)) {
        fail("storing fails by itself", moment);
    }
    return 1;
}

static uint8_t old_image[IMAGE_BYTES], new_image[IMAGE_BYTES], now[IMAGE_BYTES], flash_before[MEMORY_BYTES];

/* The power goes after every piece of work in turn, while `learned` is stored over what flash_before holds. */
static long cut_everywhere(const esnn_learned *learned, size_t size, long *olds, long *news)
{
    long moment = 0;

    for (int through = 0; !through; moment++) {
        memcpy(memory, flash_before, sizeof memory);
        pupil_start();
        if (!esnn_learned_recall(learned)) {
            fail("the old is not there to begin with", moment);
        }
        learn_some(9, 15);
        through = store_until(learned, moment);
        work_left = -1;
        pupil_start(); /* the power is back */
        if (!esnn_learned_recall(learned)) {
            fail("nothing is there", moment);
        }
        (void)image(now);
        const int is_old = memcmp(now, old_image, size) == 0, is_new = memcmp(now, new_image, size) == 0;

        if (is_old == is_new || through != is_new) {
            fail("what is there is neither the old nor the new, or too early, or too late", moment);
        }
        *olds += is_old;
        *news += is_new;
        learn_some(3, 2);
        if (!esnn_learned_store(learned)) {
            fail("it cannot be stored again", moment);
        }
    }
    return moment;
}

static void check_refusals(const esnn_learned *learned)
{
    const esnn_learned other = {learned->part, learned->parts, learned->network + 1u};
    const esnn_learned longer = {learned->part, learned->parts - 1u, learned->network};

    pupil_start();
    (void)image(now);
    if (esnn_learned_recall(&other) || esnn_learned_recall(&longer)) {
        fail("another network's is taken", -1);
    }
    static uint8_t after[IMAGE_BYTES];
    if (memcmp(now, after, image(after)) != 0) {
        fail("memory has changed without need", -1);
    }
}

int main(void)
{
    const esnn_learned learned = {pupil_parts(), PUPIL_PARTS, PUPIL_NETWORK};
    long moments = 0, olds = 0, news = 0;

    memset(memory, 0xff, sizeof memory);
    pupil_start();
    if (esnn_learned_recall(&learned)) {
        fail("something is there in empty flash", -1);
    }
    for (int turn = 0; turn < 2; turn++) { /* the old in the one slot, then in the other */
        learn_some(5, 20);
        if (!esnn_learned_store(&learned)) {
            fail("the first one cannot be stored", -1);
        }
        check_refusals(&learned);
        (void)esnn_learned_recall(&learned);
        pupil_reset();
        const size_t size = image(old_image);
        (void)esnn_learned_store(&learned);
        memcpy(flash_before, memory, sizeof memory);
        learn_some(9, 15);
        (void)image(new_image);
        for (torn = 0; torn < 2; torn++) {
            moments += cut_everywhere(&learned, size, &olds, &news);
        }
        torn = 0;
        memcpy(memory, flash_before, sizeof memory);
        (void)esnn_learned_recall(&learned);
        (void)esnn_learned_store(&learned);
    }
    printf("%ld %ld %ld\n", moments, olds, news);
    return 0;
}
