/* What the loader needs of the processor. */
#ifndef ESNN_LOADER_MACHINE_H
#define ESNN_LOADER_MACHINE_H

#include <stdint.h>

/* Begins to wait for a host; esnn_port_read returns now and then even if no byte comes. */
void esnn_loader_window_open(void);

/* 1 once ESNN_LOADER_WINDOW_MS are over. */
int esnn_loader_window_over(void);

/* esnn_port_read sleeps again until a byte comes. */
void esnn_loader_window_close(void);

/* As a reset would: starts the program whose vector table is at the address. Does not return. */
void esnn_loader_jump(uint32_t address);

#endif
