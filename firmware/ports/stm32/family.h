/* What differs between STM32 families. Each has a folder with registers.h, and with these functions in family.c. */
#ifndef ESNN_PORT_FAMILY_H
#define ESNN_PORT_FAMILY_H

#include <stdint.h>

/* The processor to ESNN_PORT_CLOCK_HZ. */
void esnn_port_clock_start(void);

/* Turns on the clock of the peripheral at this address, which must lie on a bus that the driver knows. */
void esnn_port_clock_peripheral(uint32_t address);

/* Hands a pin to its alternate function; output says which way it drives. */
void esnn_port_pin(uint32_t port, uint32_t number, int output);

#endif
