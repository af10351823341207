"""The account of a model: what is stored, moved and spent, as defined and on every target."""

from __future__ import annotations

import numpy as np
import pytest

from edgesnn.activity import activity
from edgesnn.budget import Budget, analyse
from edgesnn.budget.confidence import mean, proportion
from edgesnn.budget.fair import fair_pair
from edgesnn.budget.held_out import held_out
from edgesnn.budget.joules import joules
from edgesnn.budget.memory import Memory
from edgesnn.budget.rows import DEFINITION, Row
from edgesnn.energy import tables
from edgesnn.errors import DataError
from edgesnn.integer import Encoding, Model, Node, run
from edgesnn.integer.ops import Conv, Dense, Input, IntegrateFire, Membrane, Reshape
from edgesnn.samples import Samples, task_samples
from edgesnn.target import target
from edgesnn.targets.mcu import codegen
from tests.budget.test_effort import MIXED, layer
from tests.factory import q_snn_like, q_snn_loihi_like, ternary_like

COUNT = 40


@pytest.fixture(scope="module")
def q_snn() -> Budget:
    model = q_snn_like()
    return analyse(model, task_samples(model, COUNT))


def row(budget: Budget, backend: str) -> Row:
    (found,) = [item for item in budget.rows if item.backend == backend]
    return found


def test_there_is_a_row_for_the_definition_and_for_every_target(q_snn: Budget) -> None:
    assert [item.backend for item in q_snn.rows] == [
        DEFINITION, "loihi/lava-sim", "mcu/mps2-an386", "tflite/litert",
    ]  # fmt: skip


def test_bits_as_defined(q_snn: Budget) -> None:
    bits = {item.bits.name: (item.bits.steps, item.bits.spike_bits, item.bits.weight_bits) for item in q_snn.layers}
    assert bits == {"conv1": (1, 7, 8), "conv2": (2, 1, 1), "conv3": (2, 1, 1), "head": (2, 1, 8)}
    found = row(q_snn, DEFINITION)
    assert found.effort is not None
    assert found.effort.s_ace == 56 * 26_896 + 2 * 819_200 + 2 * 739_328 + 16 * 5_760


def test_effective_bits_are_what_the_targets_store(q_snn: Budget) -> None:
    """TFLite has bytes for all; the generated C has words of packed signs and spikes, with their padding."""
    phone, chip = row(q_snn, "tflite/litert").effort, row(q_snn, "mcu/mps2-an386").effort
    assert phone is not None and chip is not None
    assert (phone.weight_bits, phone.spike_bits, phone.bit_budget) == (8, 8, 128)
    layout = codegen.generate(q_snn_like(), "speed").layout
    memory = row(q_snn, "mcu/mps2-an386").memory
    assert memory is not None
    assert memory.weight_bytes + memory.parameter_bytes == layout.weight_bytes
    assert memory.state_bytes == sum(node.state_bytes for node in layout.nodes)
    stored = target("mcu").storage(q_snn_like(), target("mcu").board())
    assert stored["conv2"].weight_bits == 8 * layout.by_name["conv2"].synapse_bytes / 4608 < 1.01
    assert stored["lif1"].output_bits == 2.0  # 16 channels in words of 32
    assert stored["lif2"].output_bits == 1.0
    assert stored["conv1"].weight_bits == 12 * 16 / 9  # in pairs, for speed


def test_weights_of_a_few_bits_count_as_what_holds_them() -> None:
    """Four and two bits as defined; each target says what it makes of them."""
    budget = analyse(MIXED, held_out(MIXED, None, "test", 8))
    assert [item.bits.weight_bits for item in budget.layers] == [4, 2, 8]
    phone = row(budget, "tflite/litert").effort
    assert phone is not None and phone.weight_bits == 8
    chip = target("mcu").storage(MIXED, target("mcu").board())
    layout = codegen.generate(MIXED).layout
    assert chip["conv1"].weight_bits == 8 * layout.by_name["conv1"].synapse_bytes / 72 >= 4


def test_a_refusal_is_a_row_with_its_reason() -> None:
    model = ternary_like()
    budget = analyse(model, held_out(model, None, "test", 4), None)
    refused = [item for item in budget.rows if item.refused]
    assert all(item.effort is None and len(item.refused or "") > 10 for item in refused)
    from edgesnn.target import targets

    for name, place in targets().items():
        refuses = bool(place.check(model, place.board()))
        assert refuses == any(item.backend.startswith(name) for item in refused)


def silent(model: Model) -> Samples:
    x = np.zeros((3, model.time_steps, *model.input.shape), np.int64)
    return Samples(x, None, "nothing")


def quiet_model(threshold: int = 100) -> Model:
    nodes = (
        Node("events", Input((6,), 0, 1)),
        Node("dense1", Dense(np.ones((8, 6), int), 2), ("events",)),
        Node("fire", IntegrateFire(threshold=threshold), ("dense1",)),
        Node("head", Dense(np.ones((3, 8), int), 2), ("fire",)),
        Node("scores", Membrane(), ("head",)),
    )
    return Model("quiet", nodes, 4, encoding=Encoding(0, 1, 0, 0, repeat=False))


def test_silence_costs_no_additions_but_all_of_the_state_traffic() -> None:
    model = quiet_model()
    busy = Samples(np.ones((3, 4, 6), np.int64), None, "all ones")
    still, moving = (analyse(model, item) for item in (silent(model), busy))
    for quiet, loud in zip(still.rows, moving.rows, strict=True):
        assert quiet.effort and loud.effort and quiet.memory and loud.memory
        assert (quiet.effort.ns_ace, quiet.effort.syn_ops) == (0, 0)
        assert loud.effort.ns_ace > 0
        assert quiet.effort.s_ace == loud.effort.s_ace
        assert quiet.memory.state_traffic_bytes == loud.memory.state_traffic_bytes > 0
    assert still.rate.value == 0


def test_effort_reaches_its_bound_where_every_input_is_active() -> None:
    """NS-ACE <= S-ACE on every backend; equal where all fires, borders of the image included: taps that lie outside
    of it are in neither."""
    nodes = (
        Node("events", Input((3, 5, 4), 0, 1)),
        Node("conv", Conv(np.ones((4, 3, 3, 3), int), 2, stride=(2, 1), padding=(1, 2, 1, 1)), ("events",)),
        Node("fire", IntegrateFire(threshold=1), ("conv",)),
        Node("flat", Reshape((60,)), ("fire",)),
        Node("head", Dense(np.ones((2, 60), int), 2), ("flat",)),
        Node("scores", Membrane(), ("head",)),
    )
    model = Model("all_fires", nodes, 3, encoding=Encoding(0, 1, 0, 0, repeat=False))
    active = np.ones((1, 3, 3, 5, 4), np.int64)
    one_less = active.copy()
    one_less[0, 1, 2, 0, 0] = 0  # a corner of one channel at one step: under few taps
    full, rest = (analyse(model, Samples(x, None, "by hand")) for x in (active, one_less))
    assert [item.rate for item in full.layers] == [1.0, 1.0]
    assert rest.layers[0].rate < 1.0
    for all_fire, nearly in zip(full.rows, rest.rows, strict=True):
        assert all_fire.effort and nearly.effort
        assert all_fire.effort.ns_ace == pytest.approx(all_fire.effort.s_ace, rel=1e-12)
        assert nearly.effort.ns_ace < nearly.effort.s_ace == all_fire.effort.s_ace


def test_rates_of_layers_are_events_by_possible_events(q_snn: Budget) -> None:
    """MACs * T * r is the number of counted additions, layer by layer."""
    model = q_snn_like()
    counted = run(model, task_samples(model, COUNT).x, count=True).counters
    for item in q_snn.layers:
        adds = counted[item.bits.name].synaptic_adds.mean()
        assert item.rate * item.bits.macs * model.time_steps == pytest.approx(adds)
        assert 0 < item.rate < 1


def test_state_traffic_is_paid_by_the_time_step() -> None:
    short, long = (analyse(m, silent(m)) for m in (quiet_model(), quiet_model().replace(time_steps=8)))
    for one, two in zip(short.rows, long.rows, strict=True):
        assert one.memory and two.memory
        assert two.memory.state_traffic_bytes == 2 * one.memory.state_traffic_bytes
        assert two.memory.state_bytes == one.memory.state_bytes


def test_rate_is_measured_on_held_out_data_with_its_size_and_interval(q_snn: Budget) -> None:
    model = q_snn_like()
    samples = task_samples(model, COUNT)
    fired = run(model, samples.x, count=True).counters
    names = ("lif1", "lif2", "lif3")
    neurons = sum(fired[name].neurons for name in names) * model.time_steps
    rates = sum(fired[name].spikes for name in names) / neurons
    assert (q_snn.data, q_snn.rate.samples) == ("mnist test", COUNT)
    assert q_snn.rate.value == pytest.approx(float(np.mean(rates)))
    spread = 2.0226909 * float(np.std(rates, ddof=1)) / COUNT**0.5  # Student's t, 39 degrees of freedom
    assert (q_snn.rate.low, q_snn.rate.high) == pytest.approx((q_snn.rate.value - spread, q_snn.rate.value + spread))
    assert q_snn.spikes == pytest.approx(sum(fired[name].spikes.mean() for name in names))
    assert q_snn.accuracy is not None and q_snn.accuracy.samples == COUNT


@pytest.mark.parametrize("split", ["train", "fit"])
def test_training_data_is_not_held_out(split: str) -> None:
    with pytest.raises(DataError, match="trained on"):
        held_out(q_snn_like(), None, split, 10)


def test_intervals_by_hand() -> None:
    ten = proportion(8, 10)  # Wilson: (8 + z^2/2 +- z sqrt(8*2/10 + z^2/4)) / (10 + z^2)
    z = 1.959963984540054
    half = z * (8 * 2 / 10 + z * z / 4) ** 0.5
    assert (ten.low, ten.high) == pytest.approx(
        ((8 + z * z / 2 - half) / (10 + z * z), (8 + z * z / 2 + half) / (10 + z * z))
    )
    assert mean(np.array([3.0])).low is None
    two = mean(np.array([1.0, 3.0]))  # t(1, 0.975) = 12.706..., standard error 1
    assert (two.value, two.high) == pytest.approx((2.0, 2.0 + 12.706204736))


def test_arithmetic_and_memory_are_apart_and_name_their_tables(q_snn: Budget) -> None:
    for item in q_snn.rows:
        assert item.energy is not None
        arithmetic, memory = item.energy.arithmetic, item.energy.memory
        assert (arithmetic.table, arithmetic.label) == ("cmos45", "arithmetic only")
        assert (memory.table, memory.label) == ("cmos45-memory", "modelled")
        assert {arithmetic.table, memory.table} <= set(tables())
    board = {item.backend: item.board_energy for item in q_snn.rows}
    assert board["mcu/mps2-an386"] is None  # nothing ran
    assert board["loihi/lava-sim"] is not None and board["loihi/lava-sim"].table == "loihi"


def test_energy_by_hand() -> None:
    found = joules(1000, 10, Memory(0, 0, 0, state_traffic_bytes=800, weight_traffic_bytes=100, spike_traffic_bytes=4))
    assert found.arithmetic.value == pytest.approx((1000 * 0.1 + 10 * 0.2) * 1e-6)
    # 400 B of states and 4 of spikes read and written, 100 of weights read; words of 4 bytes at 5 pJ
    assert found.memory.value == pytest.approx((2 * 404 + 100) / 4 * 5e-6)


def test_where_work_follows_spikes_it_is_counted_by_events(q_snn: Budget) -> None:
    model = q_snn_like()
    counted = activity(model, task_samples(model, COUNT).x)
    events = sum(item.synaptic_adds for name, item in counted.items() if name.startswith(("conv", "head")))
    assert row(q_snn, "mcu/mps2-an386").additions == pytest.approx(events)
    assert row(q_snn, "tflite/litert").additions == 2 * q_snn.macs
    assert (row(q_snn, DEFINITION).additions or 0) < events  # the image's layer once


def test_fair_pair_has_equal_budget_and_effort(q_snn: Budget) -> None:
    found = row(q_snn, DEFINITION).effort
    assert found is not None
    assert q_snn.fair.bit_budget == pytest.approx(found.bit_budget)
    assert q_snn.fair.ace == found.s_ace
    assert dict(q_snn.fair.names).keys() == {"W1A2", "W8A7", "W8A2"}
    assert sum(share for _, share in q_snn.fair.names) == pytest.approx(1)


@pytest.mark.parametrize(("rate", "ann_wins"), [(0.9, True), (0.02, False)])
def test_it_can_say_that_the_ann_wins(rate: float, ann_wins: bool) -> None:
    """Eight steps of 1-bit spikes and 8-bit weights: at a high rate the ANN W8A8 needs less, however dense it is."""
    layers = [layer(steps=8, weight_bits=8, spike_bits=1)]
    adds = 100 * 8 * rate
    own = joules(adds, 0, Memory(0, 0, 0, 2 * 8 * 1.0, adds, 0.0))  # one neuron with a state of a byte
    found = fair_pair(layers, 1, {"a"}, own)
    assert found.names == (("W8A8", 1.0),)
    assert (found.break_even == 1.0) == ann_wins


def test_break_even_is_where_both_need_the_same(q_snn: Budget) -> None:
    from edgesnn.budget.bits import layers_of
    from edgesnn.budget.fair import ann_energy

    own = row(q_snn, DEFINITION).energy
    assert own is not None and 0 < q_snn.fair.break_even < 1
    neurons = sum(q_snn_like().signal(name).size for name in ("lif1", "lif2", "lif3"))
    at = ann_energy(layers_of(q_snn_like()), neurons, {"conv1", "head"}, q_snn.fair.break_even)
    assert at.total == pytest.approx(own.total)


def test_loihi_stores_bytes_a_synapse_and_words_a_state() -> None:
    """Stock neurons hold u and v, 24 bits each; others as many words as they have states."""
    place = target("loihi")
    stock = place.storage(q_snn_loihi_like(), place.board())
    assert (stock["conv2"].weight_bits, stock["lif2"].state_bits, stock["lif2"].output_bits) == (8, 48, 1)
    assert stock["lif2"].weight_bytes == 819_200  # a synapse for every MAC: nothing is shared
    assert stock["image"].output_bits == 8  # a graded message of 7 bits
    foreign = place.storage(q_snn_like(), place.board())
    assert foreign["lif2"].state_bits == 24
