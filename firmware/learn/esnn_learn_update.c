#include "esnn_learner.h"

void esnn_learn_update(const esnn_learn *p)
{
    if (p->state->moving) {
        for (int32_t i = p->layers - 1; i >= 0; i--) {
            esnn_onto_weights(p, i, esnn_shift(p, i));
        }
        esnn_learn_next(p);
    }
    esnn_adapt(p);
}
