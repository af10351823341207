#ifndef ESNN_PORT_REGISTER_H
#define ESNN_PORT_REGISTER_H

#include <stdint.h>

#define REGISTER(base, offset) (*(volatile uint32_t *)((base) + (offset)))

/* What has been written has arrived: a clock that was turned on runs from the next access on. */
#define BARRIER() __asm__ volatile("dsb" ::: "memory")

#endif
