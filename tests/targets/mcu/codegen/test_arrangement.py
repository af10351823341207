"""Everything between synapses and neurons: pools, merges, shapes, types, readouts; generated C == interpreter."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edgesnn.integer import Model, Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import (
    Add,
    Concat,
    Conv,
    Dense,
    FirstSpike,
    Input,
    IntegrateFire,
    Lif,
    MaxPool,
    Membrane,
    Rescale,
    Reshape,
    SpikeCount,
    StepRescale,
    SumPool,
    TernaryLif,
)
from tests.targets.mcu.chain import chain, headed, spikes, ternary_spikes, weights
from tests.targets.mcu.harness import assert_all_exact, random_input


def check(tmp_path: Path, models: list[Model], *kernels: str) -> None:
    """Every model is exact, and together they use the kernels."""
    used = assert_all_exact([(model, random_input(model, 3)) for model in models], tmp_path)
    assert set(kernels) <= set().union(*used.values())


def test_max_pool(tmp_path: Path) -> None:
    models = [
        headed("plain", spikes(3, 6, 4), MaxPool((2, 2))),
        headed("padded", spikes(40, 5, 7), MaxPool((3, 2), (2, 1), (1, 0, 2, 1))),
        headed("sequence", spikes(2, 9), MaxPool((4,), (1,), (2, 3))),
    ]
    check(tmp_path, models, "esnn_max_pool_bits")


def test_sum_pool(tmp_path: Path) -> None:
    models = [
        headed("spikes", spikes(3, 6, 4), SumPool((2, 2))),
        headed("graded", Input((5, 6, 7), -3, 4), SumPool((2, 3), (2, 1), (1, 0, 0, 2))),
        chain("wide", Input((2, 9), -128, 127), SumPool((4,)), Reshape((4,)), Membrane()),
        chain("widest", Input((1, 20, 20), -128, 127), SumPool((20, 20)), Reshape((1,)), Membrane()),
    ]
    check(tmp_path, models, "esnn_sum_pool_i8", "esnn_sum_pool_i16", "esnn_sum_pool_i32", "esnn_unpack_i8")


def test_rescale(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    per_element = rng.integers(-900, 900, (5, 3, 2))
    source = Input((5, 3, 2), -128, 127)
    models = [
        headed("scalar", source, Rescale(-3, 2, 2, -100, 90)),
        headed("channel", source, Rescale(per_element[:, :1, :1], 7, 10)),
        headed("element", source, Rescale(per_element, per_element.T.reshape(5, 3, 2), 10, -128, 127)),
        headed("column", source, Rescale(per_element[:1, :1, :], 0, 10)),
        headed("twice", source, Rescale(3000), Rescale(1, 0, 12)),
        headed("middle", source, Rescale(3000), Rescale(1, 0, 6), Rescale(1, 0, 8)),
        chain("widest", source, Rescale(100), Rescale(10_000), Reshape((30,)), Membrane()),
        chain("shifted", source, Rescale(1 << 20, 0, 3), Rescale(1, 5, 30), Reshape((30,)), Membrane()),
        chain("negative", source, Rescale(-16_000_000, 0, 1, -1000, 1000), Reshape((30,)), Membrane()),
        chain("wider", source, Rescale(100), Rescale(1000, 0, 1), Rescale(1), Reshape((30,)), Membrane()),
    ]
    used = assert_all_exact([(model, random_input(model, 3)) for model in models], tmp_path)
    kernels = set().union(*used.values())
    assert "esnn_convert_i8_i16" in kernels
    for sizes in [f"esnn_rescale_{a}_{b}" for a in ("i16", "i32") for b in ("i8", "i16", "i32")]:
        assert any(kernel.startswith(sizes) for kernel in kernels), sizes


def test_narrow_parameters(tmp_path: Path) -> None:
    """Multipliers and offsets in 16 bits each where they fit."""
    source, wide = Input((5, 3), -128, 127), np.array([[1 << 16], [3], [5], [-7], [0]])
    models = {
        "p16": headed("p16", source, Rescale(wide // 1000, wide // 3, 10, -128, 127)),
        "m16": headed("m16", source, Rescale(wide // 1000, wide * 9, 12, -128, 127)),
        "p32": headed("p32", source, Rescale(wide, 0, 17, -128, 127)),
    }
    used = assert_all_exact([(model, random_input(model, 3)) for model in models.values()], tmp_path)
    for suffix in models:
        assert any(kernel.startswith("esnn_rescale_") and kernel.endswith(suffix) for kernel in used[suffix])


def test_step_rescale(tmp_path: Path) -> None:
    """Another scale at each step, the last one from then on; for all, a channel, an element; in both widths."""
    rng = np.random.default_rng(0)
    source = Input((5, 3, 2), -128, 127)
    scales = {
        "scalar": StepRescale([3, -2, 1], 1, 1),
        "channel": StepRescale(rng.integers(-9, 9, (3, 5, 1, 1)), rng.integers(-900, 900, (5, 1, 1)), 4),
        "element": StepRescale(rng.integers(-9, 9, (4, 5, 3, 2)), 0, 5),
        "offsets": StepRescale([[[1]], [[2]]], rng.integers(-99, 99, (5, 3, 2)), 3),
        "single": StepRescale([5], 0, 3),
        "wide": StepRescale([100_000, -3], 1 << 20, 20),
    }
    models = [chain(name, source, Rescale(1), scale, Reshape((30,)), Membrane(), time_steps=6)
              for name, scale in scales.items()]  # fmt: skip
    check(tmp_path, models, "esnn_advance")


def test_ternary_tensors(tmp_path: Path) -> None:
    """Packed, unpacked, in another order, joined with each other and with spikes."""
    source, neuron = ternary_spikes(3, 5, 2), TernaryLif(16, 20, 1, 4, 8)
    many = [Conv(weights(0, 2, 40, 3, 1, 1), 2), neuron]
    models = [
        headed("pooled", source, SumPool((2, 2))),
        headed("again", source, neuron, TernaryLif(7, 30, 2, 4, 2)),
        headed("orders", source, Reshape((5, 6)), Conv(weights(1, 4, 4, 5, 2), 4), neuron),
        headed("words", Input((45, 3), -1, 1), Reshape((27, 5)), Conv(weights(2, 2, 9, 27, 2), 2), neuron),
        merged("joined", 30 + 400, source, Concat(), [neuron], [*many]),
        merged("beside", 60, source, Concat(), [], [Rescale(1), IntegrateFire(1)]),
        merged("summed", 30, source, Add(), [], [neuron]),
        chain("wide", source, Rescale(100_000), Reshape((30,)), Membrane()),
        chain("read", ternary_spikes(33), Membrane()),
    ]
    kernels = [f"esnn_unpack_ternary_{type_}" for type_ in ("i8", "i16", "i32")]
    merge = merged("widened", 30, source, Add(), [], [Rescale(100_000)])
    check(tmp_path, [*models, merge], "esnn_pack_ternary", "esnn_reshape_bits", "esnn_concat_bits", *kernels)


def test_packing(tmp_path: Path) -> None:
    """Spikes of one value a byte, next to each other or one a position: no word but has to be told, none, all, few."""
    rng = np.random.default_rng(0)
    cases = []
    for low, kind in ((0, "spikes"), (-1, "ternary")):
        for shape in ((1,), (31,), (32,), (33,), (100,), (784,), (33, 3)):
            model = headed(f"{kind}_{'_'.join(map(str, shape))}", Input(shape, low, 1), time_steps=5)
            values = rng.integers(low, 2, (4, 5, *shape))
            values[1] *= rng.random(values[1].shape) < 0.02
            values[2], values[3] = 0, low or 1
            cases.append((model, values))
    used = assert_all_exact(cases, tmp_path)
    assert {"esnn_pack_spikes", "esnn_pack_ternary"} <= set().union(*used.values())


def merged(name: str, size: int, source: Input, merge: Operator, left: list[Operator], right: list[Operator]) -> Model:
    """Two branches of operators from one input, merged to `size` elements and read by a membrane."""
    nodes, ends = [Node("x", source)], []
    for side, ops in (("left", left), ("right", right)):
        end = "x"
        for i, op in enumerate(ops):
            nodes.append(Node(f"{side}{i}", op, (end,)))
            end = nodes[-1].name
        ends.append(end)
    nodes += [Node("merge", merge, (ends[0], ends[1])), Node("flat", Reshape((size,)), ("merge",))]
    return Model(name, (*nodes, Node("scores", Membrane(), ("flat",))), 3)


def test_add(tmp_path: Path) -> None:
    graded, events = Input((4, 3, 2), -128, 127), spikes(4, 3, 2)
    transposed: list[Operator] = [Reshape((2, 3, 4)), Rescale(3), Reshape((4, 3, 2))]
    models = [
        merged("spikes", 24, events, Add(), [], []),
        merged("mixed", 24, events, Add(), [], [IntegrateFire(1)]),
        merged("graded", 24, graded, Add(), [], []),
        merged("narrowed", 24, graded, Add(), [Rescale(3)], [Rescale(-3)]),
        merged("wide", 24, graded, Add(), [Rescale(300)], [Rescale(5)]),
        merged("orders", 24, graded, Add(), transposed, [Rescale(7)]),
        merged("events", 24, events, Add(), [Rescale(100_000)], []),
    ]
    kernels = ["esnn_add_i8", "esnn_add_i16", "esnn_add_i32", "esnn_convert_i16_i32", "esnn_unpack_i32"]
    check(tmp_path, models, *kernels)


def test_concat(tmp_path: Path) -> None:
    conv = [Conv(weights(0, 1, 40, 3, 1, 1), 1), IntegrateFire(1)]
    graded, events = Input((3, 3, 2), -128, 127), spikes(3, 3, 2)
    models = [
        merged("few", 36, events, Concat(), [], [IntegrateFire(1)]),
        merged("many", 6 * 80, events, Concat(), [*conv], [*conv]),
        merged("ragged", 6 * 43, events, Concat(), [], [*conv]),
        merged("swapped", 6 * 43, events, Concat(), [*conv], []),
        merged("graded", 36, graded, Concat(), [], []),
        merged("mixed", 36, events, Concat(), [Rescale(2)], []),
        merged("wide", 36, graded, Concat(), [], [Rescale(300)]),
        merged("widest", 36, graded, Concat(), [Rescale(70_000)], []),
        merged("words", 64, spikes(32), Concat(), [], []),
    ]
    kernels = ["esnn_concat_bits", "esnn_concat_bytes", "esnn_convert_i8_i32", "esnn_unpack_i16"]
    check(tmp_path, models, *kernels)


def test_reshape(tmp_path: Path) -> None:
    """Readouts and pools need the order of the new shape; neurons and dense layers take what memory has."""
    graded, events = Input((6, 4, 2), -100, 127), spikes(6, 4, 2)
    pool = SumPool((2, 2))
    models = [
        chain("i8", graded, IntegrateFire(9), Reshape((8, 6)), Rescale(2), Reshape((4, 6, 2)), pool,
              Reshape((12,)), Membrane()),
        chain("bits", events, Reshape((2, 4, 6)), MaxPool((2, 3)), Reshape((8,)), SpikeCount()),
        chain("count", events, Reshape((48,)), SpikeCount()),
        chain("i16", graded, Rescale(100), Reshape((48,)), Membrane()),
        chain("i32", graded, Rescale(100_000), Reshape((48,)), Membrane()),
        chain("vector", Input((48,), -100, 127), Reshape((6, 4, 2)), pool, Reshape((12,)), Membrane()),
        chain("image", graded, pool, Reshape((12,)), Membrane()),
        chain("same", Input((1, 6, 8), -100, 127), Reshape((48,)), Membrane()),
    ]  # fmt: skip
    sizes = ["esnn_reshape_bits", "esnn_reshape_i8", "esnn_reshape_i16", "esnn_reshape_i32"]
    check(tmp_path, models, *sizes)


def test_accumulators_into_synapses(tmp_path: Path) -> None:
    """Sums that fit int8 are narrowed for the next layer."""
    ones = np.ones((5, 4), np.int64)
    add_up = merged("wide_sum", 5, spikes(4), Add(), [Dense(ones, 1, 100_000)], [Dense(ones, 1, -100_000)])
    *front, flat, _ = add_up.nodes
    nodes = (*front, flat, Node("next", Dense(weights(1, 8, 3, 5), 8), ("flat",)), Node("out", Membrane(), ("next",)))
    models = [
        headed("dense", spikes(7), Dense(weights(0, 1, 5, 7), 1)),
        headed("conv", spikes(2, 4, 4), Conv(weights(0, 2, 5, 2, 2, 2), 2), Conv(weights(1, 1, 3, 5, 1, 1), 1)),
        Model("wide", nodes, 3),
    ]
    check(tmp_path, models, "esnn_convert_i16_i8", "esnn_convert_i32_i8")


def test_wide_values_in_narrow_types(tmp_path: Path) -> None:
    """A 32-bit sum whose values fit 16 bits, beside one that is 16 bits wide."""
    ones = np.ones((5, 4), np.int64)
    left: list[Operator] = [Dense(ones, 1, 100_000)]
    total = merged("m", 5, spikes(4), Add(), left, [Dense(ones, 1, -99_000)])
    *front, _, _ = total.nodes
    tail = [Node("both", Concat(), ("merge", "x")), Node("scores", Membrane(), ("both",))]
    check(tmp_path, [Model("m", (*front, *tail), 3)], "esnn_convert_i32_i16")


def test_neurons_of_narrow_values_in_a_wide_type(tmp_path: Path) -> None:
    """The input is stored as int32, the states need 16 bits."""
    ones = np.ones((5, 4), np.int64)
    total = merged("m", 5, spikes(4), Add(), [Dense(ones, 1, 100_000)], [Dense(ones, 1, -100_000)])
    *front, _, _ = total.nodes
    neuron = Lif(3, current_decay=700, voltage_decay=100, fraction_bits=1)
    tail = [Node("neuron", neuron, ("merge",)), Node("scores", SpikeCount(), ("neuron",))]
    check(tmp_path, [Model("m", (*front, *tail), 3)], "esnn_lif_current_i32_s16")


def test_readouts(tmp_path: Path) -> None:
    neuron = IntegrateFire(2, strict=True)
    models = [
        chain("count", spikes(37), neuron, SpikeCount(), time_steps=5),
        chain("first", spikes(37), neuron, FirstSpike(horizon=5), time_steps=5),
        chain("late", spikes(37), neuron, FirstSpike(horizon=2), time_steps=5),
        chain("direct", spikes(3), Membrane(bias=[5, -5, 0], voltage_decay=300, fraction_bits=9), time_steps=5),
        chain("graded", Input((3,), -128, 127), Membrane(voltage_decay=4096), time_steps=5),
        chain("large", Input((2,), -128, 127), Rescale(100_000), Membrane(7, 1000, 3), time_steps=5),
    ]
    check(tmp_path, models, "esnn_spike_count", "esnn_first_spike", "esnn_membrane_i16", "esnn_membrane_i32")
