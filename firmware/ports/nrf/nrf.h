/* What differs between the nRF51 and the nRF52. */
#ifndef ESNN_PORT_NRF_H
#define ESNN_PORT_NRF_H

/* To the crystal, which a UART needs, and to the speed that the processor can have. */
void esnn_port_clock_start(void);

/* Starts the 32 MHz or 16 MHz crystal oscillator and waits until it runs. */
void esnn_port_crystal_start(void);

#endif
