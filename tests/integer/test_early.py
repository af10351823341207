"""When a sample is decided before its last step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ModelError
from edgesnn.integer import Array, Model, Node, run
from edgesnn.integer.early import steps_to_decide
from edgesnn.integer.ops import Dense, FirstSpike, Input, RelPsp, SpikeCount
from tests.fuzz.strategies import samples_for, spike_time_models


def watched(horizon: int) -> Model:
    """Three inputs seen by the readout as they come."""
    nodes = (Node("x", Input((3,), 0, 1)), Node("scores", FirstSpike(horizon), ("x",)))
    return Model("watched", nodes, 5)


def spikes(*steps: int) -> Array:
    """Each input spikes in its step; 9 is never."""
    return (np.arange(5)[:, None] == np.array(steps)).astype(int)


def test_the_first_spike_decides() -> None:
    """Steps 3, 1, 4: after step 1, two steps; two at once: the lower index; no spike: all five."""
    x = np.stack([spikes(3, 1, 4), spikes(9, 2, 2), spikes(9, 9, 9), spikes(9, 9, 0)])
    model = watched(5)
    assert steps_to_decide(model, x).tolist() == [2, 3, 5, 1]
    assert run(model, x).decisions.tolist() == [1, 1, 0, 2]
    assert run(model, x[:, :3]).decisions.tolist() == [1, 1, 0, 2]


def test_at_the_horizon_nothing_scores_any_more() -> None:
    x = np.stack([spikes(9, 3, 4), spikes(9, 9, 9)])
    assert steps_to_decide(watched(2), x).tolist() == [2, 2]
    assert run(watched(2), x).decisions.tolist() == [0, 0]


def test_other_readouts_decide_at_the_end() -> None:
    nodes = (Node("x", Input((3,), 0, 1)), Node("scores", SpikeCount(), ("x",)))
    assert steps_to_decide(Model("counts", nodes, 5), spikes(0, 0, 1)[None]).tolist() == [5]
    with pytest.raises(ModelError, match="no samples"):
        steps_to_decide(watched(5), np.zeros((0, 5, 3), int))


@given(spike_time_models(), st.integers(0, 1 << 32))
def test_stopping_there_decides_the_same(model: Model, seed: int) -> None:
    """One step less is too early, unless nothing had spiked."""
    x = samples_for(model, np.random.default_rng(seed))
    full = run(model, x)
    for i, steps in enumerate(steps_to_decide(model, x)):
        stopped = run(model, x[i : i + 1, :steps])
        assert stopped.decisions[0] == full.decisions[i]
        if steps > 1 and full.output[i].any():
            assert not run(model, x[i : i + 1, : steps - 1]).output.any()


def test_a_tie_of_two_layers_is_the_lower_index() -> None:
    """Outputs 1 and 2 rise equally and fire together; the time of both is the earliest."""
    nodes = (
        Node("x", Input((3,), 0, 1)),
        Node("synapses", Dense([[1, 0, 0], [4, 1, 1], [4, 1, 1]]), ("x",)),
        Node("neurons", RelPsp(8), ("synapses",)),
        Node("scores", FirstSpike(5), ("neurons",)),
    )
    model = Model("tie", nodes, 5)
    x = spikes(0, 1, 9)[None]
    assert (run(model, x).output[0].tolist(), run(model, x).decisions[0]) == ([0, 3, 3], 1)
    assert steps_to_decide(model, x).tolist() == [3]
