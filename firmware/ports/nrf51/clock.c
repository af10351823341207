#include "link/port.h"
#include "nrf.h"

const char esnn_port_name[] = "nrf51";

void esnn_port_clock_start(void)
{
    esnn_port_crystal_start();
}
