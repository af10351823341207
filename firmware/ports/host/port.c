/* The link on a computer: frames come in on standard input and go out on standard output. */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "link/link.h"
#include "link/port.h"

const char esnn_port_name[] = "host";

static uint8_t received[4096];
static size_t received_at, received_size;
static uint8_t sending[4096];
static size_t sending_size;

int esnn_port_read(void)
{
    if (received_at == received_size) {
        ssize_t size = read(STDIN_FILENO, received, sizeof received);
        if (size <= 0) {
            exit(EXIT_SUCCESS); /* nobody is there any more */
        }
        received_at = 0;
        received_size = (size_t)size;
    }
    return received[received_at++];
}

void esnn_port_flush(void)
{
    size_t sent = 0;
    while (sent < sending_size) {
        ssize_t size = write(STDOUT_FILENO, sending + sent, sending_size - sent);
        if (size <= 0) {
            exit(EXIT_SUCCESS);
        }
        sent += (size_t)size;
    }
    sending_size = 0;
}

void esnn_port_write(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        sending[sending_size++] = data[i];
        if (sending_size == sizeof sending) {
            esnn_port_flush();
        }
    }
}

uint8_t esnn_port_counter_kind(void)
{
    return ESNN_LINK_COUNTER_NONE;
}

void esnn_port_counter_start(void)
{
}

uint32_t esnn_port_counter(void)
{
    return 0;
}

int esnn_port_stack(uint32_t *reserved, uint32_t *used)
{
    (void)reserved;
    (void)used;
    return 0;
}

int main(void)
{
    esnn_link_start();
    for (;;) {
        esnn_link_poll();
    }
}
