#ifndef ESNN_LINK_PROGRESS_H
#define ESNN_LINK_PROGRESS_H

#include <stdint.h>

/* Since the last reset: steps, what the counter counted in them (overhead included), and the CRC-32 over every node's
 * output and the state memory of each step in mode DIGEST. */
struct esnn_link_progress {
    uint64_t steps;
    uint64_t total;
    uint32_t digest;
};
extern struct esnn_link_progress esnn_link_progress;

#endif
