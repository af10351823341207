/* A file in the place of flash, for a program on a computer: the environment variable ESNN_FLASH names it. What has been
 * written is in the file when the program is killed in the middle of writing. */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "esnn_loader_layout.h"
#include "flash.h"

#define FILE_BYTES (ESNN_LOADER_SLOT_B + ESNN_LOADER_SLOT_BYTES)

static uint8_t *mapped(const char *name)
{
    const int file = open(name, O_RDWR | O_CREAT, 0666);

    if (file < 0 || ftruncate(file, (off_t)FILE_BYTES) != 0) {
        perror(name);
        exit(EXIT_FAILURE);
    }
    void *const memory = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

    (void)close(file);
    if (memory == MAP_FAILED) {
        perror(name);
        exit(EXIT_FAILURE);
    }
    return memory;
}

static uint8_t *memory_at(uint32_t address)
{
    static uint8_t *memory;

    if (memory == NULL) {
        const char *const name = getenv("ESNN_FLASH");

        if (name == NULL) {
            (void)fputs("ESNN_FLASH names no file in the place of flash\n", stderr);
            exit(EXIT_FAILURE);
        }
        memory = mapped(name);
    }
    return memory + address;
}

const uint8_t *esnn_loader_at(uint32_t address)
{
    return memory_at(address);
}

int esnn_loader_erase(uint32_t address, uint32_t size)
{
    memset(memory_at(address), (int)ESNN_LOADER_ERASED, size);
    return 1;
}

int esnn_loader_program(uint32_t address, const uint8_t *data, uint32_t size)
{
    memcpy(memory_at(address), data, size);
    return 1;
}
