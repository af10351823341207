#include "esnn_learner.h"

#define MOST_HALVINGS 3

void esnn_learn_next(const esnn_learn *p)
{
    esnn_learn_state *const state = p->state;

    state->tally.learned++;
    state->moving = 0;
    if (state->left != 0u && --state->left == 0u && ++state->halvings < MOST_HALVINGS) {
        state->left = p->halve_every;
    }
}
