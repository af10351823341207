"""Nothing costs more than the worst case that was found: no input of a model, and no content of a single layer."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from benchmarks import worst_case_by_instruction as by_instruction
from edgesnn.integer import Array, Model, Node
from edgesnn.integer.ops import Conv, Dense, FirstSpike, Input, IntegrateFire, Lif, Membrane, RelPsp, Reshape
from edgesnn.integer.signal import Interval
from edgesnn.link import Mode
from edgesnn.target import Artifact
from edgesnn.targets.mcu import break_even, counting, patterns, worst_case
from edgesnn.targets.mcu.patterns import Windows
from edgesnn.targets.mcu.planted import Contents, counts
from edgesnn.targets.mcu.session import McuSession
from tests.targets.mcu.chain import chain
from tests.targets.mcu.conftest import TARGET, samples

BOARD = "mps2-an386"
Build = Callable[[str, str], Artifact]


def forms(bits: int, zero_free: bool, seed: int = 0) -> Model:
    """Synapses of one width: a window of 36 inputs, around which 1-bit kernels change their form, a strided one, and a
    dense layer of more inputs than a list holds; outputs that leave tails."""
    rng = np.random.default_rng(seed)

    def weight(*shape: int) -> dict[str, object]:
        high = 1 << bits - 1
        codes = rng.integers(-high, high, shape)
        return {"weight": 2 * codes + 1 if zero_free else codes, "weight_bits": bits, "zero_free": zero_free}

    nodes = (
        Node("x", Input((2, 9, 9), -128, 127)),
        Node("conv1", Conv(**weight(4, 2, 3, 3), padding=(1, 1, 1, 1)), ("x",)),  # type: ignore[arg-type]
        Node("fire1", IntegrateFire(200), ("conv1",)),
        Node("conv2", Conv(**weight(32, 4, 3, 3), padding=(1, 1, 1, 1)), ("fire1",)),  # type: ignore[arg-type]
        Node("fire2", Lif(5, voltage_decay=2048, fraction_bits=0, strict=False, state_bits=16), ("conv2",)),
        Node("conv3", Conv(**weight(13, 32, 3, 3), stride=(2, 2)), ("fire2",)),  # type: ignore[arg-type]
        Node("fire3", IntegrateFire(9), ("conv3",)),
        Node("flat", Reshape((13 * 16,)), ("fire3",)),
        Node("head", Dense(**weight(5, 13 * 16)), ("flat",)),  # type: ignore[arg-type]
        Node("scores", Membrane(), ("head",)),
    )
    return Model(f"forms_{bits}{'_zero_free' * zero_free}", nodes, 2)


def by_chance(rng: np.random.Generator, within: Interval, activity: bool) -> Array:
    """Values of a tensor at a rate of chance: within the range, at its ends, or both."""
    shape = within.low.shape
    ends = np.where(rng.random(shape) < rng.random(), within.high, within.low)
    inside = rng.integers(within.low, within.high + 1)
    values = np.where(rng.random(shape) < rng.random(), ends, inside)
    if not activity:
        return values
    return np.where(rng.random(shape) < rng.random() ** 0.5, values, patterns.part(within, 0.0))


def contents(session: McuSession, count: int) -> Iterator[Contents]:
    rng, model = np.random.default_rng(0), session.model
    names = patterns.planted(model, session.layout)
    for _ in range(count):
        outputs = {name: by_chance(rng, model.signal(name).range, patterns.is_activity(model, name)) for name in names}
        states = {
            node.name: {
                spec.name: by_chance(rng, within, False)
                for spec, within in zip(model.states_of(node), model.ranges[node.name].states, strict=True)
            }
            for node in model.nodes
        }
        yield Contents(by_chance(rng, model.input.range, True), outputs, states)


def check_layers(session: McuSession, count: int) -> None:
    """No layer with contents of chance exceeds its own worst case, and that is reached nearly somewhere."""
    worst = session.worst_case()
    assert worst is not None
    found = session.model.time_steps * counts(session.device, session.layout, contents(session, count)).max(axis=0)
    for node, most in zip(session.model.nodes, found, strict=True):
        assert most <= worst.layers[node.name], node.name
    assert worst.instructions >= sum(worst.layers.values())
    assert worst.instructions < 3 * found.sum()


@pytest.mark.parametrize("name", ["ternary_like", "attention_like"])
def test_no_layer_exceeds_its_worst_case(built: Build, name: str) -> None:
    with TARGET.open(built(name, BOARD)) as session:
        assert isinstance(session, McuSession)
        check_layers(session, 8)


@pytest.mark.parametrize(("bits", "zero_free"), [(1, True), (2, False), (8, False)])
def test_no_form_exceeds_its_worst_case(bits: int, zero_free: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("forms") / "build"
    with TARGET.open(TARGET.build(forms(bits, zero_free), TARGET.board(BOARD), folder)) as session:
        assert isinstance(session, McuSession)
        check_layers(session, 8)
        check_that_no_number_between_costs_more(session)


def test_neurons_that_fire_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Most is spent while they have not fired; thresholds by neuron, and a number of neurons that leaves a tail."""
    rng = np.random.default_rng(0)
    ops = (
        Input((40,), 0, 1),
        Dense(rng.integers(-60, 128, (45, 40))), RelPsp(rng.integers(2000, 90_000, 45)),
        Dense(rng.integers(-60, 128, (10, 45))), RelPsp(70_000), FirstSpike(16),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("once") / "build"
    with TARGET.open(TARGET.build(chain("once", *ops, time_steps=16), TARGET.board(BOARD), folder)) as session:
        assert isinstance(session, McuSession)
        check_layers(session, 8)


def check_that_no_number_between_costs_more(session: McuSession) -> None:
    """As many active inputs in every window as there may be, from none to all: in a window of any size, those numbers
    that are tried cost the most."""
    windows = Windows(session.model, "fire1")
    masks = [windows.mask(n).astype(np.int64) for n in range(windows.inputs + 1)]
    cost = counts(session.device, session.layout, (Contents(None, {"fire1": mask}, {}) for mask in masks))[:, 3]
    for size in range(1, windows.inputs + 1):
        tried = [*worst_case.numbers(size), size]
        assert cost[: size + 1].max() <= cost[tried].max() + worst_case.TICK
    assert cost[-1] > 2 * cost[0]


def test_no_input_exceeds_the_worst_case(built: Build) -> None:
    artifact = built("ternary_like", BOARD)
    x = samples(artifact.model, 20).copy()
    x[10:12], x[12:14], x[14] = 1, -1, 0
    x[15] = np.where(np.indices(x[15].shape).sum(axis=0) % 2, 1, -1)
    with TARGET.open(artifact) as session:
        assert isinstance(session, McuSession)
        worst = session.worst_case()
        assert worst is not None
        assert counting.totals(session, x).max() <= worst.instructions
        expected, stack = session.run(x), session.device.stack()
        assert (expected == session.run(x)).all()  # what was planted is gone
        assert stack is not None
        assert stack.used <= (session.cost(x[:1], cycles=False).stack_bytes or 0)


def test_nothing_planted_counts_as_a_step_does(built: Build) -> None:
    artifact = built("q_snn_like", BOARD)
    x = samples(artifact.model, 1)[0, 0]
    with TARGET.open(artifact) as session:
        assert isinstance(session, McuSession)
        planted = counts(session.device, session.layout, [Contents(x, {}, {})])[0]
        session.device.load(x)
        session.device.run(1, Mode.COUNT)
        plain = session.device.node_counts()
        plain[[node.index for node in session.layout.nodes if node.observable]] -= (
            session.device.counters().hook_in_node
        )
        assert np.abs(planted - plain).max() <= worst_case.TICK


@pytest.mark.parametrize("active", [0, 1, 31, 36])
def test_every_window_inside_has_as_many_active_inputs(active: int) -> None:
    mask = Windows(forms(1, True), "fire1").mask(active)
    assert mask.shape == (4, 9, 9)
    inside = [mask[:, y : y + 3, x : x + 3].sum() for y in range(7) for x in range(7)]
    assert set(inside) == {active}


def test_a_board_that_does_not_count_tells_nothing(built: Build) -> None:
    with TARGET.open(built("ternary_like", "host")) as session:
        assert (session.worst_case(), session.break_even()) == (None, None)


def test_break_even_is_where_the_measured_cost_meets_the_dense_one(built: Build) -> None:
    """As many active inputs as it says cost as much as the reference."""
    artifact = built("q_snn_like", BOARD)
    model = artifact.model
    with TARGET.open(artifact) as session:
        assert isinstance(session, McuSession)
        found = session.break_even()
        assert found is not None
        assert set(found.layers) == {"conv1", "conv2", "conv3", "head"}
        head = found.layers["head"]
        assert head.dense == pytest.approx(model.time_steps * 576 * 10 * 1.939, rel=1e-3)
        assert head.rate is not None
        mask = Windows(model, "pool3").mask(round(head.rate * 576))
        (planted,) = counts(session.device, session.layout, [Contents(None, {"pool3": mask.astype(np.int64)}, {})])
    assert model.time_steps * planted[[node.name for node in model.nodes].index("head")] == pytest.approx(
        head.dense, rel=0.02
    )
    assert found.whole.rate is None or found.whole.rate > head.rate
    assert "Cortex-M4" in found.reference


def test_another_core_has_no_reference(built: Build) -> None:
    with TARGET.open(built("ternary_like", "mps2-an385")) as session:
        assert session.break_even() is None
        assert session.worst_case() is not None


def test_instruction_by_instruction(built: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the emulator's plugin says of a step is what the device counts; what two make run together is no less."""
    artifact = built("ternary_like", BOARD)
    every = worst_case.contents
    monkeypatch.setattr(worst_case, "contents", lambda model, layout: itertools.islice(every(model, layout), 2))
    layers, tried = by_instruction.tried_on(artifact, artifact.model)
    found = by_instruction.rows(layers, tried)
    with TARGET.open(artifact) as session:
        assert isinstance(session, McuSession)
        most = counts(session.device, session.layout, worst_case.contents(session.model, session.layout)).max(axis=0)
    counted = {node.name: int(n) for node, n in zip(artifact.model.nodes, most, strict=True)}
    _, *others = found
    for layer in others:  # before the first hook there is more: the step is entered
        one, each = found[layer]
        assert abs(one - counted[layer]) <= worst_case.TICK
        assert one <= each


def test_instructions_of_two_contents_together() -> None:
    first, second = Counter({0: 5, 2: 1}), Counter({0: 2, 4: 9})
    assert by_instruction.together([[first], [second]]) == [(11, 5 + 1 + 9)]


def test_crossings() -> None:
    assert break_even.crossing(lambda rate: 100 * rate, 25) == pytest.approx(0.25)
    assert break_even.crossing(lambda rate: rate, 2) is None
    assert break_even.crossing(lambda rate: 3, 2) == 0


def test_numbers_of_active_inputs_that_are_tried() -> None:
    assert worst_case.numbers(9) == [0, 1, 2, 4, 5, 6, 7, 8]
    assert worst_case.numbers(800) == [0, 200, 400, 600, 796, 798, 799]
