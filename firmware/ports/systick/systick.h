/* SysTick as a clock that never wraps: 24 bits of the timer and a count of its wraps. */
#ifndef ESNN_PORT_SYSTICK_H
#define ESNN_PORT_SYSTICK_H

#include <stdint.h>

#define ESNN_PORT_SYSTICK_WRAP 0x1000000u

/* ticks in 0..ESNN_PORT_SYSTICK_WRAP-1 since the last of `wraps` wraps; for `handled` of these the handler has run. */
struct esnn_port_time {
    uint32_t ticks;
    uint32_t wraps;
    uint32_t handled;
};

/* Starts at zero, on the processor's clock. */
void esnn_port_systick_start(void);

/* The time since then. Takes the same instructions every time. */
struct esnn_port_time esnn_port_systick_time(void);

#endif
