#ifndef ESNN_PORT_CLOCK_H
#define ESNN_PORT_CLOCK_H

#include <stdint.h>

/* The processor and its UART to ESNN_PORT_CLOCK_HZ. */
void esnn_port_clock_start(void);

/* Bits of the peripherals as the reset controller numbers them; returns when they can be used. */
void esnn_port_out_of_reset(uint32_t peripherals);

#endif
