"""The backward walk over events: what the spikes of a layer did wrong, onto its weights and onto the spikes before it.

One walk serves all rules. A rule gives each spike an error of its potential, dL/dU in thresholds; the walk visits the
input events of the spike's window and nothing else.
"""

from __future__ import annotations

import numpy as np

from edgesnn.integer.learning.events import Events, Records
from edgesnn.integer.learning.tally import Tally
from edgesnn.integer.learning.weights import LearnedWeights, MasterWeights
from edgesnn.integer.signal import Array


def window(inputs: Events, records: Records, spike: int, ramps: bool) -> slice:
    """The input events that a spike has been charged by; those at its own tick do not charge a ramp."""
    after = int(np.searchsorted(inputs.time, records.previous[spike], "right"))
    end = records.events.time[spike] if ramps else records.events.time[spike] + 1
    return slice(after, int(np.searchsorted(inputs.time, end)))


def onto_events(
    weight: Array, inputs: Events, records: Records, errors: Array, halving: int | None, ramps: bool, tally: Tally
) -> Array:
    """Sum over spikes of error w, one int32 for each input event.

    halving: a term is shifted right by (age >> halving), the age being the steps from event to spike; None: not.
    """
    sums = np.zeros(len(inputs), np.int64)
    for spike in np.flatnonzero(errors).tolist():
        some = window(inputs, records, spike, ramps)
        terms = errors[spike] * weight[records.events.neuron[spike], inputs.neuron[some]]
        if halving is not None:
            terms >>= np.minimum(records.events.time[spike] - inputs.time[some] >> halving, 31)
        sums[some] += terms
        tally.multiplies += len(terms)
    return sums


def onto_weights(
    weights: LearnedWeights, inputs: Events, records: Records, errors: Array, shift: int, ramps: bool, tally: Tally
) -> None:
    """Moves each weight of a spike's window against error * trace / 2^shift, the last spike first.

    The trace of an input is the number of its events in the window; for ramps the ticks from its one event to the
    spike. Where all traces are 1, masters of a window move alike, and none is touched that would move by 0.
    """
    size = weights.weight.shape[1]
    alike = isinstance(weights, MasterWeights) and not ramps and len(np.unique(inputs.neuron)) == len(inputs)
    for spike in np.flatnonzero(errors)[::-1].tolist():
        some = window(inputs, records, spike, ramps)
        charge = records.events.time[spike] - inputs.time[some] if ramps else np.ones(some.stop - some.start, np.int64)
        trace = np.bincount(inputs.neuron[some], charge, size).astype(np.int64)
        touched = np.flatnonzero(trace)
        weights.update(int(records.events.neuron[spike]), touched, errors[spike] * trace[touched], shift)
        tally.multiplies += len(touched)
        if not alike or weights.moves(errors[spike], shift):
            tally.updates += len(touched)


def onto_rows(weights: LearnedWeights, inputs: Events, errors: Array, shift: int, tally: Tally) -> None:
    """Moves the weights of each input event by the errors (steps, outputs) of its step over 2^shift, the last step
    first; where a weight would move by 0, nothing is done."""
    for t in range(len(errors) - 1, -1, -1):
        neurons = np.flatnonzero(weights.moves(errors[t], shift))
        for event in np.flatnonzero(inputs.time == t):
            weights.update(neurons, int(inputs.neuron[event]), errors[t, neurons], shift)
            tally.updates += len(neurons)
