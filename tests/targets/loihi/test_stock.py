"""Which neurons are Loihi's own, why others are not, and that both are exact in Lava."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from edgesnn.integer import Model, Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Concat, Dense, Input, IntegrateFire, Lif, Membrane, SpikeCount
from edgesnn.integer.ops.fire import Reset
from tests.factory import quantized_lif
from tests.targets.loihi.lava import assert_exact, chain, reasons, rules, stock_names

RNG = np.random.default_rng(3)
WEIGHT = RNG.integers(-128, 128, (12, 6))

STOCK = {
    "every attribute": Lif(900, bias=64 * RNG.integers(-63, 64, 12), current_decay=1000, voltage_decay=300),
    "narrow, never saturating": Lif(20, voltage_decay=4000, state_bits=24),
    "no fraction bits, no leak": Lif(500, bias=3, fraction_bits=0),
    "fires at its threshold": Lif(300, fraction_bits=2, strict=False),
    "integrate and fire": IntegrateFire(400, bias=-7, strict=False, reset=Reset.ZERO, state_bits=18),
    "saturates as Loihi does": Lif(131071, bias=4095 << 7, current_decay=1),
    "tiny and forgetful": IntegrateFire(0, strict=True, reset=Reset.ZERO),
}

MICROCODE = {
    "rescaled": (quantized_lif(8), "QuantizedLif is not"),
    "subtract": (Lif(700, reset=Reset.SUBTRACT), "reset it to zero but: subtract"),
    "no reset": (IntegrateFire(90, reset=Reset.NONE), "reset it to zero but: none"),
    "not strict": (Lif(300, voltage_decay=7, strict=False), "fires at its threshold"),
    "different thresholds": (Lif(np.arange(12) * 40), "different thresholds"),
    "no current decay": (Lif(700, current_decay=0), "does not decay"),
    "forgets": (Lif(700, voltage_decay=4096), "forgets at once"),
    "fractions": (Lif(60, voltage_decay=100, fraction_bits=3), "3 fraction bits"),
    "more fractions": (Lif(60, fraction_bits=7), "7 fraction bits"),
    "bias": (Lif(600, bias=8191), "13-bit mantissa"),
    "saturation": (Lif(600, fraction_bits=6, state_bits=16), "saturate at another value"),
    "low saturation": (IntegrateFire(90, reset=Reset.ZERO, state_bits=10), "saturate at another value"),
    "huge threshold": (IntegrateFire(140000, reset=Reset.ZERO, state_bits=20), "beyond 131071"),
}


def with_neuron(neuron: Operator) -> Model:
    return chain(Input((6,), -2, 3), Dense(WEIGHT), neuron, SpikeCount(), time_steps=9)


def side_by_side(neurons: Iterable[Operator]) -> Model:
    """All of them behind the same synapses, so that one Lava run shows them all."""
    nodes = [Node("x", Input((6,), -2, 3)), Node("synapses", Dense(WEIGHT), ("x",))]
    for number, neuron in enumerate(neurons):
        nodes.append(Node(f"neuron{number}", neuron, ("synapses",)))
        if number:
            joined = nodes[-2].name
            nodes.append(Node(f"joined{number}", Concat(), (joined, f"neuron{number}")))
    nodes.append(Node("count", SpikeCount(), (nodes[-1].name,)))
    return Model("side_by_side", tuple(nodes), 9)


@pytest.mark.parametrize("name", STOCK)
def test_stock_neuron_is_recognised(name: str) -> None:
    model = with_neuron(STOCK[name])
    assert stock_names(model) == [model.nodes[2].name], reasons(model)
    assert rules(model, "loihi2-stock") == set()


def test_stock_neurons_are_exact(tmp_path: Path) -> None:
    expected = assert_exact(side_by_side(STOCK.values()), tmp_path, board="loihi2-stock")
    assert expected.output.max() > 0


@pytest.mark.parametrize("name", MICROCODE)
def test_microcode_neuron_is_named(name: str) -> None:
    neuron, reason = MICROCODE[name]
    model = with_neuron(neuron)
    assert stock_names(model) == []
    assert "needs neuron microcode on real Loihi 2" in reasons(model) and reason in reasons(model)
    assert rules(model) == set() and rules(model, "loihi2-stock") == {"stock-neuron"}


def test_microcode_neurons_are_exact(tmp_path: Path) -> None:
    expected = assert_exact(side_by_side(neuron for neuron, _ in MICROCODE.values()), tmp_path)
    assert expected.output.max() > 0


READOUTS: dict[str, tuple[Operator, bool]] = {
    "as Loihi": (Membrane(bias=64 * RNG.integers(-60, 60, 12), fraction_bits=6, voltage_decay=77), True),
    "shifted": (Membrane(bias=RNG.integers(-60, 60, 12)), True),
    "shifted by two": (Membrane(fraction_bits=4), True),
    "leaks in other fractions": (Membrane(fraction_bits=2, voltage_decay=99), False),
    "may reach the threshold": (Membrane(bias=1 << 20, fraction_bits=6), False),
}


@pytest.mark.parametrize("name", READOUTS)
def test_membrane_readout(name: str, tmp_path: Path) -> None:
    readout, stock = READOUTS[name]
    model = chain(Input((6,), -2, 3), Dense(WEIGHT, bias=RNG.integers(-50, 50, 12)), readout)
    assert stock_names(model) == (["membrane2"] if stock else []), reasons(model)
    assert_exact(model, tmp_path)
