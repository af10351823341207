#ifndef ESNN_PORT_STACK_H
#define ESNN_PORT_STACK_H

#define ESNN_PORT_PAINT 0xa5c3e187

/* Fills the unused stack with that pattern; what has lost it later has been used. Each processor's own, in paint.c, and
 * by hand: compiled code may push something below the stack pointer that it has read, and paint over it. */
void esnn_port_stack_paint(void);

#define ESNN_PORT_TEXT_OF(token) #token
#define ESNN_PORT_TEXT(macro) ESNN_PORT_TEXT_OF(macro)

#endif
