#include "esnn_learner.h"

static void onto_window(const esnn_learn_layer *layer, esnn_window window, int32_t neuron, int32_t error)
{
    const int8_t *const weight = layer->weight + neuron;
    const esnn_event *event = layer->event + window.first, *const end = layer->event + window.end;
    esnn_record *record = layer->record + window.first;
    const int32_t outputs = layer->outputs;

    for (; event < end; event++, record++) {
        record->sum += error * weight[event->neuron * outputs];
    }
}

/* The same where errors fade by half every 2^kernel_shift steps. */
static void onto_fading_window(const esnn_learn_layer *layer, esnn_window window, const esnn_event *spike,
                               int32_t error, int32_t kernel_shift)
{
    const int8_t *const weight = layer->weight + spike->neuron;
    const esnn_event *event = layer->event + window.first, *const end = layer->event + window.end;
    esnn_record *record = layer->record + window.first;
    const int32_t outputs = layer->outputs, time = spike->time;

    for (; event < end; event++, record++) {
        const int32_t halvings = (time - event->time) >> kernel_shift;
        const int32_t term = error * weight[event->neuron * outputs];

        record->sum += esnn_floor_shift(term, halvings < 31 ? halvings : 31);
    }
}

void esnn_onto_events(const esnn_learn *p, int32_t layer)
{
    const esnn_learn_layer *const into = p->layer + layer;
    const esnn_own_spikes own = esnn_spikes_of(p, layer);
    uint32_t visited = 0;

    for (uint32_t f = 0; f < own.count; f++) {
        const int32_t error = own.record[f].error;

        if (error != 0) {
            const esnn_window window = esnn_window_of(p, into, own.event + f, own.record + f);

            if (p->fades) {
                onto_fading_window(into, window, own.event + f, error, p->kernel_shift);
            } else {
                onto_window(into, window, own.event[f].neuron, error);
            }
            visited += window.end - window.first;
        }
    }
    p->state->tally.multiplies += visited;
    p->state->tally.reads += visited;
}
