#include "esnn_learner.h"

/* Whether an input spiked twice in the sample. */
static int repeats(const esnn_learn *p, const esnn_learn_layer *layer)
{
    const esnn_event *event = layer->event, *const end = event + layer->state->spikes;
    int twice = 0;

    for (; !twice && event < end; event++) {
        twice = p->trace[event->neuron]++ != 0u;
    }
    while (event > layer->event) {
        p->trace[(--event)->neuron] = 0;
    }
    return twice;
}

/* Where no input spikes twice, every trace is 1: all weights of the window move alike. */
static uint32_t move_alike(const esnn_learn_layer *layer, esnn_window window, int32_t neuron, int32_t by)
{
    const esnn_event *event = layer->event + window.first, *const end = layer->event + window.end;
    int16_t *const master = layer->master + neuron;
    int8_t *const weight = layer->weight + neuron;
    const int32_t outputs = layer->outputs;
    uint32_t clipped = 0;

    for (; event < end; event++) {
        const int32_t at = event->neuron * outputs;

        clipped += esnn_set_master(master + at, weight + at, master[at] - by);
    }
    return clipped;
}

/* An input of ramps spikes once: its trace is the time since. */
static uint32_t move_by_age(const esnn_learn_layer *layer, esnn_window window, const esnn_event *spike, int32_t error,
                            int32_t shift)
{
    const esnn_event *event = layer->event + window.first, *const end = layer->event + window.end;
    const int32_t half = (int32_t)1 << (shift - 1), outputs = layer->outputs, time = spike->time;
    int16_t *const master = layer->master + spike->neuron;
    int8_t *const weight = layer->weight + spike->neuron;
    uint32_t clipped = 0;

    for (; event < end; event++) {
        const int32_t at = event->neuron * outputs, by = esnn_floor_shift(error * (time - event->time) + half, shift);

        clipped += esnn_set_master(master + at, weight + at, master[at] - by);
    }
    return clipped;
}

/* Without traces; gives how many weights saturated. still: those of windows that would move by 0. */
static uint32_t onto_single_spikes(const esnn_learn *p, int32_t layer, int32_t shift, uint32_t *moved, uint32_t *still)
{
    const esnn_learn_layer *const into = p->layer + layer;
    const esnn_own_spikes own = esnn_spikes_of(p, layer);
    const int32_t half = (int32_t)1 << (shift - 1);
    uint32_t clipped = 0;

    for (uint32_t f = own.count; f-- != 0u;) {
        const int32_t error = own.record[f].error;

        if (error != 0) {
            const esnn_window window = esnn_window_of(p, into, own.event + f, own.record + f);

            const int32_t by = esnn_floor_shift(error + half, shift);

            if (p->ramps) {
                clipped += move_by_age(into, window, own.event + f, error, shift);
            } else if (by != 0) {
                clipped += move_alike(into, window, own.event[f].neuron, by);
            } else {
                *still += window.end - window.first;
            }
            *moved += window.end - window.first;
        }
    }
    return clipped;
}

void esnn_onto_weights(const esnn_learn *p, int32_t layer, int32_t shift)
{
    const esnn_learn_layer *const into = p->layer + layer;
    const int single = into->master != NULL && (p->ramps || !repeats(p, into));
    uint32_t moved = 0, still = 0;

    p->state->tally.clipped += single ? onto_single_spikes(p, layer, shift, &moved, &still)
                                      : esnn_onto_traces(p, layer, shift, &moved);
    p->state->tally.multiplies += moved;
    p->state->tally.updates += moved - still;
}
