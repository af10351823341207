#ifndef ESNN_PORT_RUN_H
#define ESNN_PORT_RUN_H

/* What every processor does after its reset, once it has a stack: gives variables their values, starts the board, and
 * answers the link for ever. */
void esnn_port_run(void);

#endif
