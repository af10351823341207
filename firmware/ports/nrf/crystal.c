/* nRF51 Series Reference Manual 3.0.1, chapter 12; nRF52840 Product Specification, chapter CLOCK. */
#include "nrf.h"
#include "register.h"

#define START REGISTER(0x40000000u, 0x000)
#define STARTED REGISTER(0x40000000u, 0x100)

void esnn_port_crystal_start(void)
{
    STARTED = 0;
    START = 1;
    while (STARTED == 0) {
    }
}
