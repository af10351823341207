/* What boot2.S assembles to, in 252 bytes, and their CRC-32 (polynomial 04c11db7, from ones, bits not reversed, not
 * inverted at the end). RP2040 Datasheet, section 2.8.1.3.1. */
#include <stdint.h>

#define WORDS 64

__attribute__((section(".boot2"), used)) const uint32_t esnn_port_boot2[WORDS] = {
    0x2100480au, 0x21046081u, 0x49096141u, 0x21006001u, 0x49086041u, 0x60114a08u, 0x60812101u, 0x49084807u,
    0xc8066008u, 0x8808f381u, 0x00004710u, 0x18000000u, 0x001f0300u, 0x03000218u, 0x180000f4u, 0x10000100u,
    0xe000ed08u,
    [WORDS - 1] = 0x6a98cd94u,
};
