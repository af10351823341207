/* Little-endian integers in byte buffers, whatever the machine's own order. */
#ifndef ESNN_LINK_WIRE_H
#define ESNN_LINK_WIRE_H

#include <stdint.h>

static inline uint16_t esnn_link_get16(const uint8_t *from)
{
    return (uint16_t)(from[0] | ((unsigned)from[1] << 8));
}

static inline uint32_t esnn_link_get32(const uint8_t *from)
{
    return (uint32_t)esnn_link_get16(from) | ((uint32_t)esnn_link_get16(from + 2) << 16);
}

static inline uint8_t *esnn_link_put8(uint8_t *to, uint8_t value)
{
    *to = value;
    return to + 1;
}

static inline uint8_t *esnn_link_put16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)(value & 0xffu);
    to[1] = (uint8_t)(value >> 8);
    return to + 2;
}

static inline uint8_t *esnn_link_put32(uint8_t *to, uint32_t value)
{
    return esnn_link_put16(esnn_link_put16(to, (uint16_t)(value & 0xffffu)), (uint16_t)(value >> 16));
}

static inline uint8_t *esnn_link_put64(uint8_t *to, uint64_t value)
{
    return esnn_link_put32(esnn_link_put32(to, (uint32_t)(value & 0xffffffffu)), (uint32_t)(value >> 32));
}

#endif
