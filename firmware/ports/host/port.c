/* The link on a computer: frames come in on standard input and go out on standard output. The marker is a file that the
 * environment variable ESNN_MARKER names, such as a pipe: it gets the level as a character at every edge. */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "link/link.h"
#include "link/port.h"

const char esnn_port_name[] = "host";

static uint8_t received[4096];
static size_t received_at, received_size;
static uint8_t sending[4096];
static size_t sending_size;
static int marker = -1; /* nobody wants it */

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

void esnn_port_marker(uint8_t level)
{
    const char edge = (char)('0' + level);
    if (marker >= 0 && write(marker, &edge, 1) != 1) {
        perror("the marker's edge is lost");
        exit(EXIT_FAILURE);
    }
}

static void open_marker(void)
{
    const char *name = getenv("ESNN_MARKER");
    if (name == NULL) {
        return;
    }
    marker = open(name, O_WRONLY);
    if (marker < 0) {
        perror(name);
        exit(EXIT_FAILURE);
    }
}

int esnn_port_stack(uint32_t *reserved, uint32_t *used)
{
    (void)reserved;
    (void)used;
    return 0;
}

int main(void)
{
    open_marker();
    esnn_link_start();
    for (;;) {
        esnn_link_poll();
    }
}
