/* What the link needs of a port: bytes, a counter, the stack. One folder in firmware/ports implements it. */
#ifndef ESNN_LINK_PORT_H
#define ESNN_LINK_PORT_H

#include <stddef.h>
#include <stdint.h>

/* Name of the port, for identify. */
extern const char esnn_port_name[];

/* The next byte received, or -1 when there is none now. A port may wait here, but not for a whole frame. */
int esnn_port_read(void);

/* Sends bytes; returns when they are on their way or buffered. */
void esnn_port_write(const uint8_t *data, size_t size);

/* Sends what is buffered. */
void esnn_port_flush(void);

/* One of enum esnn_link_counter. */
uint8_t esnn_port_counter_kind(void);

/* Starts the counter from zero; esnn_port_counter() tells what it has counted since, exactly. */
void esnn_port_counter_start(void);
uint32_t esnn_port_counter(void);

/* Level of the pin that tells a power meter when inferences run: 1 while they do. A port that has such a pin is built with
 * ESNN_PORT_MARKER and defines this; for others firmware/link/marker.c does. */
void esnn_port_marker(uint8_t level);

/* Bytes reserved for the stack and the most that were ever used; returns 0 where the port cannot tell. */
int esnn_port_stack(uint32_t *reserved, uint32_t *used);

#endif
