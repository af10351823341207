/* Stands in for the C library's header: this port is built without one. memory.c holds the functions. */
#ifndef ESNN_PORT_STRING_H
#define ESNN_PORT_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);

#endif
