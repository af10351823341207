"""Products of activity matrices: golden vectors, and what attention made of them must keep."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.errors import ModelError, RangeError
from edgesnn.integer import Model, Node, Run, run
from edgesnn.integer.ops import Conv, Input, Lif, MatMul, Membrane, Reshape
from tests.integer.stepping import apply, prove, signal

A, B = [[1, 2], [3, 4]], [[5, 6], [7, 8]]


def test_the_four_ways() -> None:
    """By hand: row times column."""
    assert apply(MatMul(), [A, B]) == [[19, 22], [43, 50]]
    assert apply(MatMul(transpose_a=True), [A, B]) == [[26, 30], [38, 44]]
    assert apply(MatMul(transpose_b=True), [A, B]) == [[17, 23], [39, 53]]
    assert apply(MatMul(transpose_a=True, transpose_b=True), [A, B]) == [[23, 31], [34, 46]]


def test_groups_are_blocks_of_rows() -> None:
    """Two heads of one row: [1, 2]^T [5, 6] and [3, 4]^T [7, 8], one under the other."""
    assert apply(MatMul(2, transpose_a=True), [A, B]) == [[5, 6], [10, 12], [21, 24], [28, 32]]
    assert apply(MatMul(2, transpose_b=True), [A, B]) == [[17], [53]]


def test_spikes_are_counted_where_they_coincide() -> None:
    """Token 0 of q has channels {0, 1}, token 1 has {1}; of k {0} and {0, 1}."""
    q, k = [[1, 0], [1, 1]], [[1, 1], [0, 1]]
    assert apply(MatMul(transpose_a=True), [q, k]) == [[1, 2], [0, 1]]
    counted = MatMul(transpose_a=True).synaptic_adds((np.array([q]), np.array([k])))
    assert counted.tolist() == [4]


@pytest.mark.parametrize(
    ("op", "x", "z", "words"),
    [
        (MatMul(2), (3, 4), (4, 4), r"shape \(3, 4\) does not split into 2 matrices"),
        (MatMul(), (2, 3), (2, 3), "matrices with 3 columns and 2 rows do not multiply"),
        (MatMul(), (2,), (2, 2), r"shape \(2,\) does not split"),
        (MatMul(), (1, 2, 2), (2, 2), r"shape \(1, 2, 2\) does not split"),
    ],
)
def test_shapes_that_do_not_multiply(op: MatMul, x: tuple[int, ...], z: tuple[int, ...], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        prove(op, signal(*x), signal(*z))


def test_attributes_out_of_range() -> None:
    for attributes, words in (({"groups": 0}, "groups 0 is not positive"), ({"transpose_a": 2}, "neither true nor")):
        with pytest.raises(ModelError, match=words):
            MatMul(**attributes)


def test_factors_beyond_int8_are_refused() -> None:
    with pytest.raises(RangeError, match="beyond int8"):
        prove(MatMul(), signal(2, 2, high=128), signal(2, 2))
    with pytest.raises(RangeError, match="its accumulator may reach"):
        prove(MatMul(), signal(1, 140_000, low=-128), signal(140_000, 1, low=-128))


@given(
    st.tuples(st.integers(-9, 4), st.integers(0, 9)), st.tuples(st.integers(-9, 4), st.integers(0, 9)),
    st.sampled_from((1, 2)), st.booleans(), st.booleans(), st.integers(0, 1 << 32),
)  # fmt: skip
def test_no_product_leaves_the_proven_range(
    x: tuple[int, int], z: tuple[int, int], groups: int, turn_a: bool, turn_b: bool, seed: int
) -> None:
    """Also where every element sits at one end of its interval, which is where products are largest."""
    shape_a, shape_b = (groups * 3, 2) if turn_a else (groups * 2, 3), (groups * 2, 3) if turn_b else (groups * 3, 2)
    op, rng = MatMul(groups, turn_a, turn_b), np.random.default_rng(seed)
    ends = [(low, low + size) for low, size in (x, z)]
    signals = [signal(*shape, low=low, high=high) for shape, (low, high) in zip((shape_a, shape_b), ends, strict=True)]
    proven = prove(op, *signals).output.range
    for _ in range(20):
        a, b = (rng.choice(end, (50, *shape)) for end, shape in zip(ends, (shape_a, shape_b), strict=True))
        y, _ = op.step((a, b), ())
        assert (proven.low <= y).all() and (y <= proven.high).all()


def test_counts_of_spikes_have_tight_bounds() -> None:
    """Five channels: from 0 to 5 coincidences, which fit an unsigned byte."""
    proven = prove(MatMul(transpose_a=True), signal(5, 3), signal(5, 4)).output
    assert (proven.range.minimum, proven.range.maximum, proven.bits) == (0, 5, 4)


CHANNELS, TOKENS, HEADS = 8, 6, 2


def fires(threshold: int) -> Lif:
    return Lif(threshold=threshold, voltage_decay=2048, fraction_bits=0, strict=False)


def attention(order: str, binary: bool, seed: int = 3) -> Model:
    """Binary weights and spikes, and with `binary` a map of spikes. Order "qk": Q^T K, applied to V; order "kv":
    K V^T, applied to Q. One score a channel and token."""
    rng = np.random.default_rng(seed)
    nodes = [Node("x", Input((CHANNELS, TOKENS), 0, 1))]
    for name in "qkv":
        nodes.append(Node(name, Conv(rng.choice([-1, 1], (CHANNELS, CHANNELS, 1)), 1), ("x",)))
        nodes.append(Node(f"{name}_lif", fires(1), (name,)))
    turn_a, turn_b = MatMul(HEADS, transpose_a=True), MatMul(HEADS, transpose_b=True)
    nodes.append(Node("map", turn_a, ("q_lif", "k_lif")) if order == "qk" else Node("map", turn_b, ("k_lif", "v_lif")))
    if binary:
        nodes.append(Node("map_lif", fires(2), ("map",)))
    last = nodes[-1].name
    nodes.append(Node("mix", turn_b, ("v_lif", last)) if order == "qk" else Node("mix", turn_a, (last, "q_lif")))
    nodes += [Node("flat", Reshape((CHANNELS * TOKENS,)), ("mix",)), Node("scores", Membrane(), ("flat",))]
    return Model(f"attention_{order}", tuple(nodes), 4)


def spikes(samples: int) -> np.ndarray:
    return np.random.default_rng(6).integers(0, 2, (samples, 4, CHANNELS, TOKENS))


def traced(model: Model, x: np.ndarray) -> Run:
    return run(model, x, [node.name for node in model.nodes])


@pytest.mark.parametrize(("order", "shape"), [("qk", (HEADS * TOKENS, TOKENS)), ("kv", (CHANNELS, CHANNELS // HEADS))])
def test_the_map_is_binary_at_every_step(order: str, shape: tuple[int, int]) -> None:
    seen = traced(attention(order, binary=True), spikes(50)).traces["map_lif"].output
    assert seen.shape == (50, 4, *shape)
    assert all(set(np.unique(seen[:, t])) == {0, 1} for t in range(1, 4))


@pytest.mark.parametrize("order", ["qk", "kv"])
def test_attention_follows_a_permutation_of_its_tokens(order: str) -> None:
    """Every node's tokens move as the input's do: outputs, states, and both sides of the map of scores."""
    model, x = attention(order, binary=True), spikes(40)
    moved = np.array([3, 0, 5, 1, 4, 2])
    one, other = traced(model, x), traced(model, x[..., moved])
    for name in ("q_lif", "k_lif", "v_lif", "mix"):
        assert (one.traces[name].output[..., moved] == other.traces[name].output).all()
    for kept, after in zip(states(one), states(other), strict=True):
        assert (kept[..., moved] == after).all()
    scores = one.traces["map_lif"].output
    if order == "qk":
        by_head = scores.reshape(40, 4, HEADS, TOKENS, TOKENS)
        scores = by_head[..., moved, :][..., moved].reshape(scores.shape)
    assert (scores == other.traces["map_lif"].output).all()


def states(seen: Run) -> list[np.ndarray]:
    return [seen.traces[f"{name}_lif"].states["v"] for name in "qkv"]


def test_both_orders_exist_and_are_different_functions() -> None:
    """(Q^T K) V and Q (K V^T) are one product as long as nothing happens in between; with spikes in between they are
    two functions, and neither may be run in place of the other."""
    x = spikes(60)
    plain, binary = ({order: run(attention(order, kind), x).output for order in ("qk", "kv")} for kind in (False, True))
    assert (plain["qk"] == plain["kv"]).all() and plain["qk"].any()
    different = (binary["qk"] != binary["kv"]).any(axis=1)
    assert different.mean() > 0.5 and binary["qk"].any() and binary["kv"].any()


def test_the_orders_have_maps_of_different_shapes() -> None:
    """A map of scores grows with the tokens, a map of contexts does not."""
    shapes = {order: attention(order, binary=True).signal("map").shape for order in ("qk", "kv")}
    assert shapes == {"qk": (12, 6), "kv": (8, 4)}


def test_a_product_is_the_sum_over_its_inner_axis() -> None:
    """All 2 x 2 spike matrices with all: against the definition, index by index."""
    matrices = [np.array(bits).reshape(2, 2) for bits in itertools.product((0, 1), repeat=4)]
    for a, b in itertools.product(matrices, repeat=2):
        expected = [[sum(a[i, k] * b[k, j] for k in range(2)) for j in range(2)] for i in range(2)]
        assert apply(MatMul(), [a, b]) == expected
