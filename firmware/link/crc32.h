#ifndef ESNN_LINK_CRC32_H
#define ESNN_LINK_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 (IEEE 802.3, reflected) of data after what gave crc; start from 0. Equal to zlib's crc32(data, crc). */
uint32_t esnn_link_crc32(uint32_t crc, const uint8_t *data, size_t size);

#endif
