/* Stands in for the port's own header: registers are kept in a table, so that a driver runs on this computer. */
#ifndef ESNN_PORT_REGISTER_H
#define ESNN_PORT_REGISTER_H

#include <stdint.h>

volatile uint32_t *esnn_test_register(uint32_t address);

#define REGISTER(base, offset) (*esnn_test_register((uint32_t)((base) + (offset))))

#endif
