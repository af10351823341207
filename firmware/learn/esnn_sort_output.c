#include "esnn_learner.h"

/* By insertion: a class is moved past those that are later, so that equal times stay in the order of classes. */
void esnn_sort_output(const esnn_learn *p)
{
    for (int32_t k = 1; k < esnn_last_layer(p)->outputs; k++) {
        const esnn_event event = p->output[k];
        const esnn_record record = p->output_record[k];
        int32_t at = k;

        for (; at > 0 && p->output[at - 1].time > event.time; at--) {
            p->output[at] = p->output[at - 1];
            p->output_record[at] = p->output_record[at - 1];
        }
        p->output[at] = event;
        p->output_record[at] = record;
    }
}
