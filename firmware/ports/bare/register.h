#ifndef ESNN_PORT_REGISTER_H
#define ESNN_PORT_REGISTER_H

#include <stdint.h>

#define REGISTER(base, offset) (*(volatile uint32_t *)((base) + (offset)))

#endif
