/* Weights moved by traces: where inputs may spike more than once, or draws have an order. */
#include "esnn_learner.h"

/* The inputs of a window and their traces: how many of its spikes were theirs, or for ramps the time since. */
typedef struct {
    esnn_window window;
    uint32_t time, inputs;
} traces;

static void forget(const esnn_learn *p, traces *now)
{
    const uint16_t *touched = p->touched, *const end = touched + now->inputs;
    uint16_t *const trace_of = p->trace;

    for (; touched < end; touched++) {
        trace_of[*touched] = 0;
    }
    now->inputs = 0;
}

static void list_rising(const esnn_learn *p, const esnn_learn_layer *layer)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < layer->inputs; i++) {
        if (p->trace[i] != 0u) {
            p->touched[count++] = (uint16_t)i;
        }
    }
}

/* Of the spike's window, unless they are there from the one before. */
static void trace(const esnn_learn *p, const esnn_learn_layer *layer, esnn_window window, uint32_t time, traces *now)
{
    if (window.first == now->window.first && window.end == now->window.end && (time == now->time || !p->ramps)) {
        return;
    }
    forget(p, now);
    const esnn_event *event = layer->event + window.first, *const end = layer->event + window.end;
    uint16_t *const trace_of = p->trace, *touched = p->touched;

    for (; event < end; event++) {
        const uint32_t input = event->neuron, before = trace_of[input];

        if (before == 0u) {
            *touched++ = (uint16_t)input;
        }
        trace_of[input] = (uint16_t)(before + (p->ramps ? time - event->time : 1u));
    }
    now->inputs = (uint32_t)(touched - p->touched);
    if (layer->master == NULL) {
        list_rising(p, layer); /* the order of the draws */
    }
    now->window = window;
    now->time = time;
}

/* master -= error trace / 2^shift, rounded; the weight is its 8 high bits, rounded. Gives how many saturated. */
static uint32_t move_masters(const esnn_learn *p, const esnn_learn_layer *layer, int32_t neuron, int32_t error,
                             int32_t shift, uint32_t inputs)
{
    const int32_t half = (int32_t)1 << (shift - 1), outputs = layer->outputs;
    int16_t *const master = layer->master + neuron;
    int8_t *const weight = layer->weight + neuron;
    const uint16_t *touched = p->touched, *const end = touched + inputs, *const trace_of = p->trace;
    uint32_t clipped = 0;

    for (; touched < end; touched++) {
        const int32_t input = *touched, at = input * outputs;
        const int32_t wanted = master[at] - esnn_floor_shift(error * trace_of[input] + half, shift);

        clipped += esnn_set_master(master + at, weight + at, wanted);
    }
    return clipped;
}

/* The same without masters, in the order of the draws. */
static uint32_t move_by_chance(const esnn_learn *p, const esnn_learn_layer *layer, int32_t neuron, int32_t error,
                               int32_t shift, uint32_t inputs)
{
    const int32_t bits = shift + ESNN_MASTER_BITS, outputs = layer->outputs;
    const uint16_t *touched = p->touched, *const end = touched + inputs, *const trace_of = p->trace;
    uint32_t clipped = 0;

    for (; touched < end; touched++) {
        const int32_t input = *touched;

        clipped += esnn_move_by_chance(p->state, layer->weight + input * outputs + neuron, error * trace_of[input], bits);
    }
    return clipped;
}

uint32_t esnn_onto_traces(const esnn_learn *p, int32_t layer, int32_t shift, uint32_t *moved)
{
    const esnn_learn_layer *const into = p->layer + layer;
    const esnn_own_spikes own = esnn_spikes_of(p, layer);
    traces now = {{0, 0}, 0, 0};
    uint32_t clipped = 0;

    for (uint32_t f = own.count; f-- != 0u;) {
        const int32_t error = own.record[f].error, neuron = own.event[f].neuron;

        if (error != 0) {
            trace(p, into, esnn_window_of(p, into, own.event + f, own.record + f), own.event[f].time, &now);
            clipped += into->master != NULL ? move_masters(p, into, neuron, error, shift, now.inputs)
                                            : move_by_chance(p, into, neuron, error, shift, now.inputs);
            *moved += now.inputs;
        }
    }
    forget(p, &now);
    return clipped;
}
