"""Where things lie: storage forms, the arena, the layout."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.integer import Encoding, Model
from edgesnn.integer.ops import Dense, Input, IntegrateFire, Membrane, Rescale
from edgesnn.targets.mcu import codegen
from edgesnn.targets.mcu.codegen import Room, Storage, arena, generate, orders
from edgesnn.targets.mcu.codegen.arena import Buffer
from edgesnn.targets.mcu.codegen.storage import ELEMENT_BITS, natural, smallest
from tests.factory import q_snn_like
from tests.targets.mcu.chain import chain, synapses
from tests.targets.mcu.harness import assert_exact, random_input

SHAPES = st.lists(st.integers(1, 9), min_size=1, max_size=3) | st.tuples(st.integers(30, 70), st.integers(1, 3))


@given(SHAPES, st.sampled_from(sorted(ELEMENT_BITS)), st.integers(0, 99))
def test_storage_returns_what_it_was_given(shape: list[int], type_: str, seed: int) -> None:
    bits = ELEMENT_BITS[type_]
    low, high = {"bits": (0, 2), "ternary": (-1, 2)}.get(type_, (-(1 << bits - 1), 1 << bits - 1))
    value = np.random.default_rng(seed).integers(low, high, tuple(shape))
    storage = natural(type_, tuple(shape))
    raw = storage.encode(value)
    assert len(raw) == storage.bytes
    assert (storage.decode(raw) == value).all()


def test_storage_by_hand() -> None:
    """Two channels, two positions: position-major; spikes in a word a position; codes of 4 bits without gaps."""
    value = np.array([[1, 0], [1, 1]])
    assert natural("bits", (2, 2)).encode(value) == bytes([3, 0, 0, 0, 2, 0, 0, 0])
    assert natural("int16", (2, 2)).encode(value) == bytes([1, 0, 1, 0, 0, 0, 1, 0])
    assert natural("int4", (2, 2)).encode(value - 2) == bytes([0xFF, 0xFE])
    flat = Storage("int8", (4,), (2, 1, 2))
    assert flat.encode(np.array([1, 2, 3, 4])) == bytes([1, 3, 2, 4])
    with pytest.raises(ValueError, match="3 bytes, not 4"):
        flat.decode(bytes(3))


def test_smallest_type() -> None:
    assert [smallest(-128, 127), smallest(0, 128), smallest(0, 1, 16), smallest(-(1 << 31), 0)] == [
        "int8", "int16", "int16", "int32",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="beyond int32"):
        smallest(0, 1 << 31)


@st.composite
def lifetimes(draw: st.DrawFn) -> list[Buffer]:
    buffers: list[Buffer] = []
    for first in range(draw(st.integers(1, 12))):
        last = first + draw(st.integers(0, 4))
        older = [buffer for buffer in buffers if draw(st.booleans()) and buffer.last >= first]
        for host in older:
            host.last = max(host.last, first)
        buffers.append(Buffer(f"b{first}", draw(st.integers(1, 40)), first, last, hosts=tuple(older)))
    return buffers


@given(lifetimes())
def test_living_buffers_never_overlap(buffers: list[Buffer]) -> None:
    """Except a guest and the host that it overwrites in the host's last call."""
    size = arena.plan(buffers)
    for i, a in enumerate(buffers):
        assert a.offset % arena.ALIGNMENT == 0
        assert a.offset + a.bytes <= size
        for b in buffers[i + 1 :]:
            together = a.first <= b.last and b.first <= a.last
            apart = a.offset + a.bytes <= b.offset or b.offset + b.bytes <= a.offset
            in_place = a in b.hosts and a.last == b.first and a.offset == b.offset
            assert not together or apart or in_place


def test_layout_is_json() -> None:
    layout = generate(q_snn_like()).layout
    data = json.loads(json.dumps(layout.as_dict()))
    assert data["ram_bytes"] == layout.state_bytes + layout.arena_bytes + layout.control_bytes
    assert [node["name"] for node in data["nodes"]] == [node.name for node in q_snn_like().nodes]


def test_what_is_kept_from_step_to_step(tmp_path: Path) -> None:
    """The first layer, as long as the input stays the same: steps that repeat it, change it and change it back."""
    model = q_snn_like(time_steps=4)
    x = random_input(model, 3)
    x[0, 1:] = x[0, 0]
    x[1, 1], x[1, 2], x[1, 3] = x[1, 0], 0, x[1, 0]
    x[2, 1:, -1, -1, -1] = x[2, 0, -1, -1, -1] ^ 1
    layout = assert_exact(model, x, tmp_path).layout
    assert [node.name for node in layout.nodes if node.kept] == ["conv1"]


def test_who_keeps_the_first_layer() -> None:
    """Who has the RAM, and presents an input several times to a synapse alone."""
    model = q_snn_like()
    kept = generate(model).layout
    enough, less = (codegen.Room(1 << 20, kept.ram_bytes - missing) for missing in (0, 1))
    assert generate(model, room=enough).layout == kept
    assert generate(model, room=less).layout.ram_bytes < kept.ram_bytes
    others = [
        dataclasses.replace(model, time_steps=1),
        dataclasses.replace(model, encoding=Encoding(shift=1, repeat=False)),
        chain("m", Input((6,), 0, 9), Rescale(2), Dense(np.ones((3, 6), int)), Membrane()),
    ]
    assert not [other for other in others if any(node.kept for node in generate(other).layout.nodes)]


def test_flash_is_spared_where_it_is_short() -> None:
    model = chain("m", Input((40,), 0, 1), Dense(**synapses("ternary", 0, 40, 40)), Membrane())
    smallest, fastest = (generate(model, prefer).layout for prefer in ("flash", "speed"))
    assert smallest.weight_bytes < fastest.weight_bytes
    rooms = [codegen.Room(fastest.weight_bytes - missing, 1 << 20) for missing in (0, 1)]
    assert [generate(model, "speed", room).layout for room in rooms] == [fastest, smallest]


@pytest.mark.parametrize(("state_bits", "state_bytes"), [(8, 12544), (4, 6272), (2, 3136)])
def test_states_are_really_packed(state_bits: int, state_bytes: int) -> None:
    """3136 + 6272 + 3136 neurons and ten scores."""
    assert generate(q_snn_like(state_bits)).layout.state_bytes == state_bytes + 40


def test_reshapes_readouts_and_what_neurons_rescale_take_no_memory() -> None:
    layout = generate(q_snn_like()).layout
    assert [layout.by_name[name].output_bytes for name in ("image", "flat", "scores")] == [0, 0, 0]
    assert layout.by_name["conv2"].output_bytes == 12544
    assert layout.by_name["norm2"].place == "fused" and layout.by_name["norm2"].output_bytes == 0


def two_layers(steps: int, repeat: bool = True) -> Model:
    """Of 64 neurons with 16-bit potentials: 128 bytes of sums, 128 of states, 8 of spikes each; then 10 sums and scores
    of 32 bits."""
    model = chain(
        "two_layers",
        Input((64,), 0, 1),
        Dense(np.full((64, 64), 5), 8),
        IntegrateFire(threshold=1000),
        Dense(np.full((64, 64), 5), 8),
        IntegrateFire(threshold=1000),
        Dense(np.full((10, 64), 5), 8),
        Membrane(),
    )
    encoding = dataclasses.replace(model.encoding, repeat=repeat)
    return dataclasses.replace(model, time_steps=steps, encoding=encoding)


def test_orders_of_execution_by_hand() -> None:
    """Stages of one layer each hold what they are passed and pass on, 8 bytes a step; sums and states are their own."""
    found = orders(two_layers(2))
    assert found is not None
    layout = generate(two_layers(2), room=Room(0, 0)).layout  # no room to keep anything from step to step
    assert found.step_by_step == layout.state_bytes + layout.arena_bytes == (128 + 128 + 40) + (128 + 8)
    assert found.stages == ("n2", "n4", "n6")
    assert found.layer_by_layer == 128 + 128 + 2 * 8 + 2 * 8  # of the second, which is passed spikes and passes them on
    assert "144 bytes less, but is not generated" in str(found)


def test_many_steps_are_cheaper_step_by_step() -> None:
    found = orders(two_layers(60))
    assert found is not None
    assert found.layer_by_layer == 60 * 8 + (128 + 40) + (128 + 8) > found.step_by_step
    assert str(found).endswith("not less")


def test_inputs_that_differ_are_all_there_at_once() -> None:
    same, differing = orders(two_layers(3)), orders(two_layers(3, repeat=False))
    assert same is not None and differing is not None
    assert differing.layer_by_layer == same.layer_by_layer + 2 * 64


def test_what_streams_has_one_order() -> None:
    leaky = chain("leaky", Input((64,), 0, 1), Dense(np.full((10, 64), 5), 8), Membrane(voltage_decay=500))
    assert orders(leaky) is not None
    assert orders(dataclasses.replace(leaky, streaming=True)) is None
