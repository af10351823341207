/* Learning sample by sample: fully connected layers of integrate-and-fire neurons (std-ed, mpd-ed, stbp) or ReL-PSP
 * neurons (stdbp) whose weights lie in RAM. Every integer is that of the learner in Python, edgesnn.integer.learning.
 *
 * A sample is esnn_learn_reset, its spikes step by step, the rule's end; then the scores are there. To learn it: the
 * rule's backward, then esnn_learn_update (stbp: esnn_stbp_update). Memory and work follow spikes, but for stbp. 32-bit arithmetic; no division but one a
 * spike of stdbp; no heap, no recursion.
 */
#ifndef EDGESNN_LEARN_H
#define EDGESNN_LEARN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A spike into a layer. */
typedef struct {
    uint16_t time, neuron;
} esnn_event;

/* What the backward walk has to know of a spike besides. */
typedef struct {
    int32_t sum;      /* what flows back onto it; of an output: how far beyond the threshold it is */
    int32_t value;    /* mpd-ed: how far beyond the threshold it was; std-ed, stdbp: what the potential rose by */
    int16_t error;    /* of its neuron's potential, in units of 2^-12 thresholds */
    int16_t previous; /* step of the same neuron's spike before; -1: none */
} esnn_record;

/* What changes of a layer from sample to sample besides its weights. */
typedef struct {
    uint32_t spikes;  /* into the layer, in this sample: also those that there was no room for */
    int32_t fine;     /* threshold, with 8 bits of fraction */
    int32_t running;  /* firing rate, in units of 2^-16 */
} esnn_learn_layer_state;

/* A layer. Weights are (inputs, outputs). */
typedef struct {
    uint16_t inputs, outputs;
    uint16_t room;         /* spikes into the layer that are kept */
    uint16_t most;         /* spikes into the layer that a sample may have to be learned */
    int32_t limit;         /* where the potential saturates */
    int32_t threshold;     /* to begin with; 0: the neurons do not fire */
    int32_t low, high;     /* of the threshold, with 8 bits of fraction */
    int32_t rate_unit;     /* what one spike is of the firing rate */
    const int8_t *first;   /* weights to begin with */
    int8_t *weight;        /* of inference */
    int16_t *master;       /* in 1/256 of a weight's unit; NULL: weights are rounded stochastically */
    int32_t *v;            /* (outputs,) potentials; of a last layer that does not fire: free */
    int32_t *rise;         /* (outputs,) stdbp: slopes; last layer of std-ed: sums without saturation; else NULL */
    int32_t *trail;        /* (ticks, outputs) stbp: potentials, then their errors; NULL for a last layer and other rules */
    int16_t *last;         /* (outputs,) step of a neuron's last spike; -1: none */
    esnn_event *event;     /* (room,) spikes into the layer, in order of time */
    esnn_record *record;   /* (room,) of them; NULL for the network's input */
    uint16_t *start;       /* (ticks + 1,) how many of them came before a step */
    esnn_learn_layer_state *state;
} esnn_learn_layer;

/* Counts since the start; those of Tally in Python, and `clipped`: weights that their limits stopped. */
typedef struct {
    uint64_t samples, learned, overruns, adds, reciprocals, multiplies, updates, saturated, steep, events, records, reads, clipped;
} esnn_tally;

typedef struct {
    int32_t time;      /* steps of this sample so far */
    uint32_t left;     /* samples until steps get smaller */
    uint32_t draw;     /* state of the random numbers */
    uint8_t halvings;  /* how often they did */
    uint8_t ended;     /* the sample is complete */
    uint8_t moving;    /* errors are there that weights have not been moved by */
    esnn_tally tally;
} esnn_learn_state;

/* A network that learns. The constants are those of its learning section. */
typedef struct {
    const esnn_learn_layer *layer;
    uint8_t layers;
    uint8_t ramps;      /* stdbp: inputs charge by the time since they came */
    uint8_t fades;      /* std-ed: errors fade for inputs that came earlier */
    uint8_t unit_bits;  /* log2 of the steps in the unit of time */
    uint8_t rate_shift, hidden_rate_shift, error_shift, softness, kernel_shift, width_shift, adapt_shift;
    uint16_t ticks;     /* steps of a sample */
    int32_t rate_target;
    uint32_t halve_every, seed;
    uint16_t *fired[2];        /* (the most neurons of a layer,) lists of spikes of a step */
    int32_t *drive;            /* (likewise,) */
    uint16_t *trace, *touched; /* (the most inputs of a layer,) */
    esnn_event *output;        /* (classes,) a spike of each output neuron */
    esnn_record *output_record;
    int32_t *score;            /* (classes,) the largest wins */
    esnn_learn_state *state;
} esnn_learn;

/* A piece of the memory that holds what was learned. */
typedef struct {
    void *memory;
    uint32_t bytes;
} esnn_learn_part;

/* All that was learned is forgotten: weights and thresholds to begin with. Once before the first sample. */
void esnn_learn_start(const esnn_learn *p);

/* A new sample. */
void esnn_learn_reset(const esnn_learn *p);

/* The active ones of a step's inputs: writes their numbers to `list`, gives how many they are. */
uint32_t esnn_learn_list(const int8_t *input, uint32_t inputs, uint16_t *list);

/* One time step with these input spikes, their numbers rising. A step behind the last one changes nothing. */
void esnn_mpd_ed_step(const esnn_learn *p, const uint16_t *list, uint32_t spikes);
void esnn_std_ed_step(const esnn_learn *p, const uint16_t *list, uint32_t spikes);
void esnn_stdbp_step(const esnn_learn *p, const uint16_t *list, uint32_t spikes);
void esnn_stbp_step(const esnn_learn *p, const uint16_t *list, uint32_t spikes);

/* The sample has ended: steps that are missing are silent. Again: nothing. */
void esnn_mpd_ed_end(const esnn_learn *p);
void esnn_std_ed_end(const esnn_learn *p);
void esnn_stdbp_end(const esnn_learn *p);
void esnn_stbp_end(const esnn_learn *p);

/* The errors of all spikes of the sample that has ended, whose class is `label`. 0: it had too many spikes. */
int esnn_mpd_ed_backward(const esnn_learn *p, int32_t label);
int esnn_std_ed_backward(const esnn_learn *p, int32_t label);
int esnn_stdbp_backward(const esnn_learn *p, int32_t label);
int esnn_stbp_backward(const esnn_learn *p, int32_t label);

/* Moves weights by the errors, if there are any, and thresholds by the firing rates. */
void esnn_learn_update(const esnn_learn *p);
void esnn_stbp_update(const esnn_learn *p);

#ifdef __cplusplus
}
#endif

#endif
