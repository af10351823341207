/* What a host asks the loader for, in the frames of link/protocol.h. edgesnn/targets/mcu/flash/loader.py holds the same;
 * a test compares the two. All integers are little-endian.
 */
#ifndef ESNN_LOADER_PROTOCOL_H
#define ESNN_LOADER_PROTOCOL_H

#define ESNN_LOADER_VERSION 1

enum esnn_loader_verb {
    ESNN_LOADER_INFO = 64,   /* version u8, longest body u16, run address u32, run bytes u32, room in a slot u32,
                                slot that starts u8 (255: none), then of both: whole u8, sequence, length, crc u32 */
    ESNN_LOADER_BEGIN = 65,  /* length u32, crc u32: empties the slot that does not start; its number u8 */
    ESNN_LOADER_WRITE = 66,  /* offset u32, bytes: in order, so that nothing is written twice */
    ESNN_LOADER_COMMIT = 67, /* everything is there: checks length and CRC and makes it the slot that starts */
    ESNN_LOADER_BOOT = 68    /* starts it, after the answer */
};

enum esnn_loader_status { ESNN_LOADER_NOT_TAKEN = 64 /* flash does not hold what was written */ };

#define ESNN_LOADER_NO_SLOT 255u

/* Lengths and offsets are multiples of this: what any flash programs at once. */
#define ESNN_LOADER_UNIT 32u

#endif
