#ifndef ESNN_PORT_STACK_H
#define ESNN_PORT_STACK_H

/* Fills the unused stack with a pattern; what has lost it later has been used. */
void esnn_port_stack_paint(void);

#endif
