/* The loader's slots over NOR flash that loses its power at every moment of an update, one after the other.
 *
 * Prints how many moments there were. Ends with 1, and says where, if after any of them neither the whole old program nor
 * the whole new one comes to run, or if the update is not right when nothing goes wrong.
 */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esnn_loader_layout.h"
#include "link/crc32.h"
#include "link/protocol.h"
#include "loader/flash.h"
#include "loader/launch.h"
#include "loader/protocol.h"
#include "loader/receive.h"
#include "loader/slots.h"

#define MEMORY_BYTES 0x4000u
#define SECTOR_BYTES 0x400u
#define CHUNK 224u
#define OLD_BYTES 1024u
#define NEW_BYTES 2528u

static uint8_t memory[MEMORY_BYTES];
static uint8_t old_program[OLD_BYTES], new_program[NEW_BYTES];
static long work_left; /* units programmed and sectors erased before the power is cut; negative: never */
static long work_done;
static jmp_buf power_cut;

static void work(void)
{
    if (work_left == 0) {
        longjmp(power_cut, 1);
    }
    work_left--;
    work_done++;
}

const uint8_t *esnn_loader_at(uint32_t address)
{
    return memory + address;
}

int esnn_loader_erase(uint32_t address, uint32_t size)
{
    for (uint32_t at = address; at < address + size; at += SECTOR_BYTES) {
        work();
        memset(memory + at, 0xff, SECTOR_BYTES);
    }
    return 1;
}

int esnn_loader_program(uint32_t address, const uint8_t *data, uint32_t size)
{
    for (uint32_t at = 0; at < size; at++) {
        if (at % ESNN_LOADER_UNIT == 0) {
            work();
        }
        memory[address + at] &= data[at];
    }
    return 1;
}

static int update(const uint8_t *program, uint32_t size)
{
    uint8_t number;
    esnn_loader_receive_start();
    if (esnn_loader_begin(size, esnn_link_crc32(0, program, size), &number) != ESNN_LINK_OK) {
        return 0;
    }
    for (uint32_t at = 0; at < size; at += CHUNK) {
        uint32_t part = size - at < CHUNK ? size - at : CHUNK;
        if (esnn_loader_write(at, program + at, part) != ESNN_LINK_OK) {
            return 0;
        }
    }
    return esnn_loader_commit() == ESNN_LINK_OK && esnn_loader_install();
}

static int runs(const uint8_t *program, uint32_t size)
{
    return memcmp(memory + ESNN_LOADER_RUN, program, size) == 0;
}

static void fail(const char *what, long moment)
{
    printf("after %ld pieces of work: %s\n", moment, what);
    exit(1);
}

/* An update with the power cut after `moment` pieces of work; 1 when it was through before that. */
static int update_until(long moment)
{
    work_left = moment;
    if (setjmp(power_cut) != 0) {
        return 0;
    }
    if (!update(new_program, NEW_BYTES)) {
        fail("the update fails by itself", moment);
    }
    return 1;
}

/* The power cut a second time while the loader copies what it has found; then it starts for good. */
static void start_with_another_cut(long moment)
{
    work_left = moment % 7;
    if (setjmp(power_cut) == 0) {
        (void)esnn_loader_install();
    }
    work_left = -1;
    if (!esnn_loader_install()) {
        fail("nothing starts", moment);
    }
}

int main(void)
{
    static uint8_t before[MEMORY_BYTES];
    for (uint32_t i = 0; i < NEW_BYTES; i++) {
        new_program[i] = (uint8_t)(i * 7u + i / 256u);
        old_program[i % OLD_BYTES] = (uint8_t)(i * 13u + 5u);
    }
    memset(memory, 0xff, sizeof memory);
    work_left = -1;
    if (esnn_loader_install() || !update(old_program, OLD_BYTES) || !runs(old_program, OLD_BYTES)) {
        fail("the first program does not come to run", 0);
    }
    memcpy(before, memory, sizeof memory);

    long moment = 0;
    int through = 0;
    while (!through) {
        memcpy(memory, before, sizeof memory);
        through = update_until(moment);
        start_with_another_cut(moment);
        if (!runs(old_program, OLD_BYTES) && !runs(new_program, NEW_BYTES)) {
            fail("a program runs that is neither the old nor the new one", moment);
        }
        if (through != runs(new_program, NEW_BYTES) && moment < 4 + 1 + NEW_BYTES / ESNN_LOADER_UNIT) {
            fail("the old program should run", moment);
        }
        work_left = -1;
        if (!update(new_program, NEW_BYTES) || !runs(new_program, NEW_BYTES)) {
            fail("the update cannot be repeated", moment);
        }
        moment++;
    }
    printf("%ld\n", moment);
    return 0;
}
