#ifndef ESNN_PORT_BARRIER_H
#define ESNN_PORT_BARRIER_H

/* What has been written has arrived: a clock that was turned on runs from the next access on. */
#define BARRIER() __asm__ volatile("dsb" ::: "memory")

#endif
