/* Runs a port's start and prints every register that it touched.
 *
 * Each argument is a rule of the chip, ADDRESS:BITS>ADDRESS:BITS in hexadecimal: as long as all the first bits are set,
 * the second are (ready flags). With no bits on the left the second are there from the start (reset values).
 */
#include <stdio.h>
#include <stdlib.h>

#include "register.h"
#include "uart.h"

#define MOST 64

struct entry {
    uint32_t address;
    uint32_t value;
};

static struct entry table[MOST];
static int used;
static char **rules;

static struct entry *entry_of(uint32_t address)
{
    for (int i = 0; i < used; i++) {
        if (table[i].address == address) {
            return &table[i];
        }
    }
    if (used == MOST) {
        fputs("too many registers\n", stderr);
        exit(EXIT_FAILURE);
    }
    table[used] = (struct entry){address, 0};
    return &table[used++];
}

volatile uint32_t *esnn_test_register(uint32_t address)
{
    for (char **rule = rules; *rule != NULL; rule++) {
        unsigned from, mask, to, bits;
        if (sscanf(*rule, "%x:%x>%x:%x", &from, &mask, &to, &bits) != 4) {
            fprintf(stderr, "no rule: %s\n", *rule);
            exit(EXIT_FAILURE);
        }
        if ((entry_of(from)->value & mask) == mask) {
            entry_of(to)->value |= bits;
        }
    }
    return &entry_of(address)->value;
}

int main(int count, char **arguments)
{
    (void)count;
    rules = arguments + 1;
    esnn_port_start();
    for (int i = 0; i < used; i++) {
        printf("%08x %08x\n", (unsigned)table[i].address, (unsigned)table[i].value);
    }
    return 0;
}
