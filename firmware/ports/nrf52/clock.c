#include "link/port.h"
#include "nrf.h"
#include "register.h"

const char esnn_port_name[] = "nrf52";

/* nRF52840 Product Specification, chapter NVMC: without its cache the processor waits for the flash. */
#define CACHE REGISTER(0x4001e000u, 0x540)

void esnn_port_clock_start(void)
{
    esnn_port_crystal_start();
    CACHE = 1;
}
