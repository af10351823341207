/* What a port's driver gives the files that all ports without an operating system share. */
#ifndef ESNN_PORT_UART_H
#define ESNN_PORT_UART_H

#include <stdint.h>

/* Clocks, pins and UART. The UART's interrupt line rises with every byte that comes, and with nothing else. */
void esnn_port_start(void);

/* Whether a byte waits; where the line must be lowered by hand, this lowers it before it looks. */
int esnn_port_received(void);

/* The byte that waits. */
uint8_t esnn_port_take(void);

#endif
