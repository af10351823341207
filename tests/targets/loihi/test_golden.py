"""Lava's published fixed-point behaviour of its LIF neuron, in our operator and in Lava itself."""

from pathlib import Path

import numpy as np
import pytest

from edgesnn.integer.ops import Dense, Input, Lif, SpikeCount
from tests.targets.loihi.lava import assert_exact, chain, stock_names

BIG = 131071


@pytest.mark.parametrize(
    ("neuron", "state", "sequence"),
    [
        # du = 2047: 128 << 6 = 8192, halved at every step
        (Lif(BIG, current_decay=2048), "u", [8192, 4096, 2048, 1024, 512, 256, 128, 64]),
        # du = 0 still loses 1/4096 of u a step: 8192, 8190, 8188, ...; dv = 2048 halves v before u is added
        (
            Lif(BIG, current_decay=1, voltage_decay=2048),
            "v",
            [8192, 12286, 14331, 15351, 15859, 16111, 16235, 16295],
        ),
    ],
)
def test_published_sequence(neuron: Lif, state: str, sequence: list[int], tmp_path: Path) -> None:
    model = chain(Input((1,), 0, 2), Dense([[64]]), neuron, SpikeCount(), time_steps=8)
    x = np.zeros((1, 8, 1), np.int64)
    x[0, 0, 0] = 2
    assert stock_names(model) == ["lif2"]
    expected = assert_exact(model, tmp_path, x, board="loihi2-stock")
    assert expected.traces["lif2"].states[state].ravel().tolist() == sequence
