/* Bringing the newest program to where it was linked for. */
#ifndef ESNN_LOADER_LAUNCH_H
#define ESNN_LOADER_LAUNCH_H

/* 1 when the newest whole program lies at ESNN_LOADER_RUN: copied there, unless it was there already. A power cut
 * meanwhile costs nothing but another copy. */
int esnn_loader_install(void);

#endif
