#ifndef ESNN_LINK_PROGRESS_H
#define ESNN_LINK_PROGRESS_H

#include <stdint.h>

/* Since the last reset: steps, and what the counter counted in them (overhead included). */
struct esnn_link_progress {
    uint64_t steps;
    uint64_t total;
};
extern struct esnn_link_progress esnn_link_progress;

#endif
