/* What a spike does to the membrane potential. */
#ifndef EDGESNN_RESET_H
#define EDGESNN_RESET_H

typedef enum { ESNN_RESET_NONE = 0, ESNN_RESET_ZERO = 1, ESNN_RESET_SUBTRACT = 2 } esnn_reset;

#endif
