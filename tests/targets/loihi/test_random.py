"""Random integer models in Lava: those of every kind, and those made of Loihi's own neurons."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from edgesnn.integer import Model, Node
from edgesnn.integer.ops import Add, Conv, Dense, Input, Lif, MaxPool, Membrane, Reshape
from tests.fuzz.strategies import integer_models, samples_for
from tests.targets.loihi.lava import assert_exact, rules

EACH_TAKES_SECONDS = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would take minutes
)


def exact_in_lava(model: Model, seed: int, board: str) -> None:
    x = samples_for(model, np.random.default_rng(seed), 4)
    with tempfile.TemporaryDirectory() as folder:
        assert_exact(model, Path(folder), x, board)


@EACH_TAKES_SECONDS
@given(integer_models(), st.integers(0, 1 << 32))
def test_random_models(model: Model, seed: int) -> None:
    assume(not rules(model))
    exact_in_lava(model, seed, "lava-sim")


@st.composite
def stock_models(draw: Any) -> Model:
    """Convolution, pooling, a dense layer with a skip around it: every neuron with random registers of Loihi."""
    rng = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    low, high, strength, slowest = draw(st.sampled_from([(0, 1, 127, 1), (-1, 1, 127, 1), (-20, 127, 15, 2048)]))

    def neurons(size: int) -> Lif:
        bias = rng.integers(-4096, 4096, size) << rng.integers(0, draw(st.integers(1, 8)), size)
        threshold = draw(st.integers(0, 2000))
        leak, current = draw(st.integers(0, 4095)), draw(st.integers(slowest, 4096))
        return Lif(threshold, bias, current_decay=current, voltage_decay=leak)

    nodes = [
        Node("x", Input((2, 5, 5), low, high)),
        Node("conv", Conv(rng.integers(-strength, strength + 1, (3, 2, 2, 2))), ("x",)),
        Node("flat_conv", Reshape((48,)), ("conv",)),
        Node("lif_a", neurons(48), ("flat_conv",)),
        Node("maps", Reshape((3, 4, 4)), ("lif_a",)),
        Node("pool", MaxPool((2, 2)), ("maps",)),
        Node("flat", Reshape((12,)), ("pool",)),
        Node("dense", Dense(rng.integers(-128, 128, (48, 12))), ("flat",)),
        Node("skip", Dense(2 * rng.integers(-64, 64, (48, 48))), ("lif_a",)),
        Node("sum", Add(), ("dense", "skip")),
        Node("lif_b", neurons(48), ("sum",)),
        Node("head", Dense(rng.integers(-128, 128, (4, 48))), ("lif_b",)),
        Node("scores", Membrane(voltage_decay=draw(st.integers(0, 4095)), fraction_bits=6), ("head",)),
    ]
    return Model("stock", tuple(nodes), draw(st.integers(1, 12)))


@EACH_TAKES_SECONDS
@given(stock_models(), st.integers(0, 1 << 32))
def test_random_stock_models(model: Model, seed: int) -> None:
    assert not rules(model, "loihi2-stock")
    exact_in_lava(model, seed, "loihi2-stock")
