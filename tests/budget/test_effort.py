"""Bit budget and effort: linear in every factor, bounded by activity, and counted event by event."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.budget.bits import LayerBits, layers_of, width
from edgesnn.budget.effort import effort
from edgesnn.budget.measure import measure, operations, synaptic_operations
from edgesnn.budget.rows import defined_row
from edgesnn.integer import Array, Encoding, Interval, Model, Node
from edgesnn.integer.ops import Conv, Dense, GradedLif, Input, IntegrateFire, MatMul, Membrane, Reshape, SumPool
from tests.factory import attention_like, q_snn_like, ternary_like


def layer(steps: int = 2, weight_bits: int = 4, spike_bits: int = 3) -> LayerBits:
    return LayerBits("a", "Dense", 100, steps, 100, weight_bits, spike_bits)


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 8), st.integers(2, 5))
def test_bit_budget_is_linear_in_every_factor(steps: int, weight: int, spike: int, times: int) -> None:
    one = layer(steps, weight, spike).bit_budget
    assert one == steps * weight * spike
    assert layer(times * steps, weight, spike).bit_budget == times * one
    assert layer(steps, times * weight, spike).bit_budget == times * one
    assert layer(steps, weight, times * spike).bit_budget == times * one


@pytest.mark.parametrize(("steps", "spike", "weight", "budget"), [(4, 1, 32, 128), (1, 4, 4, 16), (1, 1, 1, 1)])
def test_published_examples(steps: int, spike: int, weight: int, budget: int) -> None:
    """A 32-bit SNN of four steps, a W4A4 network, a binary network."""
    assert effort([layer(steps, weight, spike)], {"a": 0.0}, steps).bit_budget == budget


@given(st.floats(0, 1), st.integers(1, 8), st.integers(1, 4), st.integers(1, 8))
def test_silence_is_free_and_activity_is_bounded(rate: float, steps: int, spike: int, weight: int) -> None:
    found = effort([layer(steps, weight, spike)], {"a": 100 * steps * rate}, steps)
    assert found.s_ace == 100 * weight * spike * steps
    assert found.ns_ace <= found.s_ace * (1 + 1e-12)
    assert effort([layer(steps, weight, spike)], {"a": 100.0 * steps}, steps).ns_ace == found.s_ace  # r = 1
    if rate < 1 - 1e-9:
        assert found.ns_ace < found.s_ace
    if weight == spike == 1:
        assert found.ns_ace == found.syn_ops


def test_effort_is_budget_times_macs() -> None:
    found = defined_row(MIXED, measure(MIXED, samples(MIXED))).effort
    assert found is not None
    assert found.s_ace == pytest.approx(found.bit_budget * sum(item.macs for item in layers_of(MIXED)))


def samples(model: Model, count: int = 5, seed: int = 0) -> Array:
    rng, first = np.random.default_rng(seed), model.input_op
    return rng.integers(first.low, first.high + 1, (count, model.time_steps, *first.shape))


def mixed(seed: int = 3) -> Model:
    """Strides, padding, dilation, groups, pooling of spikes, graded spikes, and weights among which are zeros."""
    rng = np.random.default_rng(seed)
    nodes = (
        Node("events", Input((2, 9, 8), 0, 1)),
        Node("conv1", Conv(rng.integers(-8, 8, (4, 2, 3, 3)), 4, stride=(2, 1), padding=(1, 0, 2, 1)), ("events",)),
        Node("graded", GradedLif(threshold=9, levels=3), ("conv1",)),
        Node("pooled", SumPool((1, 2)), ("graded",)),
        Node("conv2", Conv(rng.integers(-1, 2, (6, 2, 2, 2)), 2, dilation=(2, 1), groups=2), ("pooled",)),
        Node("fired", IntegrateFire(threshold=2), ("conv2",)),
        Node("flat", Reshape((36,)), ("fired",)),
        Node("head", Dense(rng.integers(-128, 128, (5, 36)) * rng.integers(0, 2, (5, 36)), 8), ("flat",)),
        Node("scores", Membrane(), ("head",)),
    )
    return Model("mixed", nodes, 3, encoding=Encoding(0, 1, 0, 0, repeat=False))


MIXED = mixed()


def test_bits_follow_the_values() -> None:
    found = {item.name: (item.spike_bits, item.weight_bits) for item in layers_of(MIXED)}
    assert found == {"conv1": (1, 4), "conv2": (3, 2), "head": (1, 8)}  # sums of two 2-bit spikes reach 6
    assert [width(Interval.constant((1,), *ends)) for ends in ((0, 1), (-1, 1), (0, 127), (-128, 127), (5, 5))] == [
        1, 2, 7, 8, 1,
    ]  # fmt: skip


def brute_force(node: Node, inputs: tuple[Array, ...], zeros: bool = True) -> tuple[int, int]:
    """(all, effective) products of one sample and step, by loops over every output, input and tap. Zero weights count
    if `zeros`; a product of activities has two inputs, neither of which may be zero."""
    x = inputs[0][0]
    if isinstance(node.op, Dense):
        pairs = [(w, v) for row in node.op.weight for w, v in zip(row, x, strict=True)]
    elif isinstance(node.op, MatMul):
        a, b = (m[0] for m in node.op.operands(*inputs))
        pairs = [(p[i, k], q[k, j]) for p, q in zip(a, b, strict=True)
                 for i in range(p.shape[0]) for j in range(q.shape[1]) for k in range(p.shape[1])]  # fmt: skip
    else:
        assert isinstance(node.op, Conv)
        pairs = convolved(node.op, x)
    zeros = zeros and len(inputs) == 1
    return len(pairs), sum(1 for w, v in pairs if v != 0 and (zeros or w != 0))


def convolved(op: Conv, x: Array) -> list[tuple[int, int]]:
    """(weight, input) of every product whose input is inside the image."""
    outputs, inputs = op.weight.shape[:2]
    spans = [d * (k - 1) + 1 for d, k in zip(op.dilation, op.kernel, strict=True)]
    rank = len(op.kernel)
    pads = zip(op.padding[:rank], op.padding[rank:], strict=True)
    counts = [
        (size + sum(pad) - span) // stride + 1
        for size, pad, span, stride in zip(x.shape[1:], pads, spans, op.stride, strict=True)
    ]
    pairs = []
    for place in itertools.product(*map(range, counts)):
        for tap in itertools.product(*map(range, op.kernel)):
            at = tuple(
                p * s + t * d - b
                for p, s, t, d, b in zip(place, op.stride, tap, op.dilation, op.padding[:rank], strict=True)
            )
            if all(0 <= i < size for i, size in zip(at, x.shape[1:], strict=True)):
                pairs += [
                    (op.weight[(o, c, *tap)], x[(o // (outputs // op.groups) * inputs + c, *at)])
                    for o in range(outputs)
                    for c in range(inputs)
                ]
    return pairs


MODELS = {"mixed": MIXED, "ternary": ternary_like(), "attention": attention_like()}


@pytest.mark.parametrize("name", MODELS)
def test_counts_are_those_of_a_brute_force_counter(name: str) -> None:
    """Of every layer: MACs, events times fan-out with borders right, and operations without zero weights."""
    from edgesnn.integer import Interpreter

    model = MODELS[name]
    x = samples(model, 1)
    measured, interpreter = measure(model, x), Interpreter(model)
    events = {item.name: 0 for item in layers_of(model)}
    effective = dict(events)
    for t in range(model.time_steps):
        interpreter.step(x[:, t])
        for item in layers_of(model):
            node = model.by_name[item.name]
            inputs = tuple(interpreter.values[source] for source in node.inputs)
            total, reached = brute_force(node, inputs)
            assert item.macs == total
            events[item.name] += reached
            effective[item.name] += brute_force(node, inputs, zeros=False)[1]
    assert {key: int(measured.counters[key].synaptic_adds[0]) for key in events} == events
    assert {key: int(measured.effective[key][0]) for key in events} == effective
    assert sum(events.values()) > events[layers_of(model)[0].name]  # more than the first layer was reached


def test_rate_times_fan_out_overestimates_at_borders() -> None:
    """The product that the counted events replace: it counts taps outside of the image."""
    op = Conv(np.ones((3, 1, 3, 3), int), padding=(1, 1, 1, 1))
    corner = np.zeros((1, 1, 5, 5), np.int64)
    corner[0, 0, 0, 0] = 1
    assert operations(Node("c", op, ("x",)), (corner,)).tolist() == [4 * 3]
    assert corner.sum() * op.weight[:, 0].size == 27


def test_neurobench_tells_accumulates_from_macs() -> None:
    model = q_snn_like()
    measured = measure(model, samples(model, 3))
    found = synaptic_operations(model, measured)
    assert found.effective_macs == pytest.approx(measured.effective["conv1"].mean())  # pixels
    others = sum(measured.effective[name].mean() for name in ("conv2", "conv3", "head"))
    assert found.effective_acs == pytest.approx(others)
    assert found.dense == model.time_steps * sum(item.macs for item in layers_of(model))
    graded = synaptic_operations(MIXED, measure(MIXED, samples(MIXED)))
    assert graded.effective_macs > 0  # conv2: its input is a sum of graded spikes


def test_the_first_layer_counts_once_where_its_input_repeats() -> None:
    model = q_snn_like(time_steps=2)
    first, *others = layers_of(model)
    assert (first.steps, first.spike_bits, {item.steps for item in others}) == (1, 7, {2})
    events = {item.name: 2.0 * item.macs for item in layers_of(model)}
    assert effort(layers_of(model), events, 2).syn_ops == first.macs + 2 * sum(item.macs for item in others)
