#include "port.h"

#ifndef ESNN_PORT_MARKER

/* For a port without a marker pin. */
void esnn_port_marker(uint8_t level)
{
    (void)level;
}

#endif
