/* The serial protocol's numbers. edgesnn/link/protocol.py holds the same; a test compares the two.
 *
 * A frame is COBS(header body crc) 0x00, where crc is CRC-32 (IEEE, little-endian) of header and body.
 *   request header: version, sequence, verb          reply header: version, sequence, verb, status
 * All integers are little-endian. The version stays first in every version of the protocol.
 */
#ifndef ESNN_LINK_PROTOCOL_H
#define ESNN_LINK_PROTOCOL_H

#define ESNN_LINK_VERSION 1

#define ESNN_LINK_REQUEST_HEADER 3
#define ESNN_LINK_REPLY_HEADER 4
#define ESNN_LINK_CRC_BYTES 4

#ifndef ESNN_LINK_BODY_BYTES
#define ESNN_LINK_BODY_BYTES 256 /* longest body of a request or reply; a board file may choose another */
#endif

enum esnn_link_verb {
    ESNN_LINK_IDENTIFY = 1, /* who are you: always answered, never taken for a repetition */
    ESNN_LINK_RESET = 2,    /* states and counters to zero */
    ESNN_LINK_LOAD = 3,     /* offset u32, values i8...: into the input buffer */
    ESNN_LINK_STEP = 4,     /* mode u8: one time step of the loaded input */
    ESNN_LINK_RUN = 5,      /* mode u8, steps u32: reset, then steps of the loaded input */
    ESNN_LINK_RESUME = 6,   /* goes on after a stop at a node */
    ESNN_LINK_READ = 7,     /* area u8, offset u32, length u16 */
    ESNN_LINK_COUNTERS = 8, /* steps u64, total u64 since reset */
    ESNN_LINK_STACK = 9,    /* reserved u32, used u32: bytes */
    ESNN_LINK_LOAD_RUNS = 10, /* like LOAD, for inputs with many zeros: (zeros u8, count u8, values i8...)... */
    ESNN_LINK_HEAR = 11,    /* mode u8, samples i16...: through the front end; a time step for each they complete */
    ESNN_LINK_HEAR_END = 12, /* mode u8: the recording has ended; the time steps that are missing */
    ESNN_LINK_REPEAT = 13,  /* times u32, steps u32: so many times a run of the loaded input, under one marker */
    ESNN_LINK_WRITE = 14,   /* area u8 (state or node), offset u32, times u16, bytes: repeated so often in memory */
    ESNN_LINK_SPIKES = 15,  /* (count u8, steps u8, inputs u16...)...: spikes of a sample, step by step */
    ESNN_LINK_LABEL = 16,   /* label u16: the sample has ended; it is learned if learning is on */
    ESNN_LINK_LEARNING = 17, /* u8: off, on, or afresh */
    ESNN_LINK_STORE = 18,   /* what was learned into flash, in the place of what is older there */
    ESNN_LINK_RECALL = 19,  /* what was stored last into memory, as at the start */
    ESNN_LINK_STORED = 20   /* what that is */
};

enum esnn_link_status {
    ESNN_LINK_OK = 0,
    ESNN_LINK_STOPPED = 1,      /* a step waits at a node: node u16, bytes u32, crc u32 */
    ESNN_LINK_GARBLED = 2,      /* a frame with a wrong length, coding or CRC; sequence and verb are 0 */
    ESNN_LINK_BAD_VERSION = 3,
    ESNN_LINK_BAD_VERB = 4,
    ESNN_LINK_BAD_LENGTH = 5,   /* the body does not have the verb's length */
    ESNN_LINK_BAD_RANGE = 6,    /* offset, length, steps or mode outside what exists */
    ESNN_LINK_BAD_INPUT = 7,    /* position u32: an input value outside the model's declared range */
    ESNN_LINK_NOT_NOW = 8,      /* the verb makes no sense while a step waits, or while none does */
    ESNN_LINK_UNSUPPORTED = 9,  /* this port cannot tell, or the model has no front end */
    ESNN_LINK_NOT_STORED = 10   /* flash does not hold what was written, or nothing that this network has learned */
};

enum esnn_link_area {
    ESNN_LINK_AREA_OUTPUT = 0,   /* i32 a class, of the last step */
    ESNN_LINK_AREA_STATE = 1,    /* the model's state memory */
    ESNN_LINK_AREA_NODE = 2,     /* output of the node where a step waits */
    ESNN_LINK_AREA_COUNTERS = 3, /* u64 a node: count since reset, of steps in mode COUNT */
    ESNN_LINK_AREA_WEIGHTS = 4,  /* of a network that learns: i8, (inputs, outputs) of each layer */
    ESNN_LINK_AREA_MASTERS = 5,  /* i16, likewise; none where weights are rounded stochastically */
    ESNN_LINK_AREA_THRESHOLDS = 6, /* a layer: spikes into it u32, threshold i32 in 1/256, firing rate i32 in 2^-16 */
    ESNN_LINK_AREA_TALLY = 7     /* u64 a count, in the order of esnn_tally */
};

enum esnn_link_mode {
    ESNN_LINK_DIGEST = 1, /* CRC-32 over every node's output and the state memory, chained over the steps */
    ESNN_LINK_COUNT = 2,  /* counts per node */
    ESNN_LINK_STOP = 4    /* waits at every node; only for STEP */
};
#define ESNN_LINK_MODES 7

enum esnn_link_learn { ESNN_LINK_LEARN_OFF = 0, ESNN_LINK_LEARN_ON = 1, ESNN_LINK_LEARN_AFRESH = 2 };

enum esnn_link_counter { ESNN_LINK_COUNTER_NONE = 0, ESNN_LINK_COUNTER_INSTRUCTIONS = 1, ESNN_LINK_COUNTER_CYCLES = 2 };

#endif
