"""The harness itself: its models cover everything, repeat exactly, and a fault in an executor is found and saved."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from edgesnn.compare import first_difference
from edgesnn.integer import Array, Model, Run, run
from edgesnn.integer.file import load
from edgesnn.integer.ops import OPERATORS, Conv, Dense, GradedLif, Lif, MatMul, StepRescale, TernaryLif
from edgesnn.integer.ops.fire import Reset
from edgesnn.integer.ops.neuron import Neuron
from tests.fuzz import __main__ as entry
from tests.fuzz import campaign
from tests.fuzz.executors import EXECUTORS, Executor
from tests.fuzz.strategies import integer_models, loihi_models, samples_for, spike_time_models, ternary_models


@pytest.fixture(scope="module")
def models() -> list[Model]:
    return [campaign.make(0, number)[0] for number in range(150)]


def test_every_operator_attribute_and_width_appears(models: list[Model]) -> None:
    ops = [node.op for model in models for node in model.nodes]
    assert {op.kind for op in ops} == set(OPERATORS)
    synapses = [op for op in ops if isinstance(op, Conv | Dense)]
    assert {op.weight_bits for op in synapses} == {1, 2, 4, 8}
    convs = [op for op in synapses if isinstance(op, Conv)]
    assert {len(op.kernel) for op in convs} == {1, 2}
    assert any(op.groups > 1 for op in convs)
    assert any(max(op.stride) > 1 for op in convs)
    assert any(max(op.dilation) > 1 for op in convs)
    assert any(op.padding[: len(op.kernel)] != op.padding[len(op.kernel) :] for op in convs)
    assert {(op.weight_bits, op.zero_free) for op in synapses} >= {(bits, True) for bits in (1, 2, 4, 8)}
    assert max(abs(op.weight).max() for op in synapses) == 255
    neurons = [op for op in ops if isinstance(op, Lif)]
    assert {op.reset for op in neurons} == set(Reset)
    assert {op.strict for op in neurons} == {False, True}
    assert {0, 4096} < {op.current_decay for op in neurons}
    assert {0, 4096} < {op.voltage_decay for op in neurons}
    assert {0, 6} < {op.fraction_bits for op in neurons}
    assert {op.threshold.ndim for op in neurons} == {op.bias.ndim for op in neurons} == {0, 1, 2, 3}
    ternary = [op for op in ops if isinstance(op, TernaryLif)]
    assert {op.state_bits for op in ternary} == {2, 4, 8}
    assert {op.reset for op in ternary} == set(Reset)
    assert {0, 1, 2} < {op.leak_shift for op in ternary}
    assert {1, 3, 15} < {op.levels for op in ops if isinstance(op, GradedLif)}
    products = [op for op in ops if isinstance(op, MatMul)]
    assert {(op.transpose_a, op.transpose_b) for op in products} == {(True, False), (False, True)}
    assert {1, 2, 3} == {op.groups for op in products}
    assert {op.multiplier.ndim for op in ops if isinstance(op, StepRescale)} == {1, 2, 3, 4}
    assert {model.streaming for model in models} == {False, True}
    assert max(model.time_steps for model in models) > 24


def test_some_neurons_fire_and_some_do_not(models: list[Model]) -> None:
    """A model in which nothing happens tests nothing."""
    seen: Counter[str] = Counter()
    for number, model in enumerate(models[:60]):
        x = samples_for(model, np.random.default_rng(number))
        neurons = {node.name: node.op.kind for node in model.nodes if isinstance(node.op, Neuron)}
        for name, trace in run(model, x, record=list(neurons)).traces.items():
            seen["constant" if trace.output.min() == trace.output.max() else neurons[name]] += 1
    assert (
        min(seen[kind] for kind in ("Lif", "IntegrateFire", "QuantizedLif", "TernaryLif", "GradedLif", "RelPsp")) >= 5
    )
    assert seen["constant"] < seen.total() / 2


def test_a_number_repeats_its_model() -> None:
    (one, x), (other, y) = campaign.make(3, 17), campaign.make(3, 17)
    assert one == other
    assert np.array_equal(x, y)
    assert campaign.make(4, 17)[0] != one


@given(st.one_of(integer_models(), loihi_models(), ternary_models(), spike_time_models()), st.integers(0, 1 << 32))
def test_samples_are_within_the_declared_range(model: Model, seed: int) -> None:
    x = samples_for(model, np.random.default_rng(seed))
    assert x.shape == (5, model.time_steps, *model.input.shape)
    assert (x[0] == model.input_op.low).all()
    assert (x[1] == model.input_op.high).all()
    run(model, x)


class OffByOne(Executor):
    """Counts one spike more than there was, late in the last sample."""

    name = "off-by-one"

    def difference(self, model: Model, x: Array, expected: Run, folder: Path) -> str | None:
        actual = run(model, x, record=list(expected.traces))
        actual.traces[model.nodes[1].name].output[-1, -1, ..., -1] += 1
        return str(first_difference(expected, actual))


def test_a_fault_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXECUTORS, "off-by-one", OffByOne())
    outcome = campaign.examine(0, 0, ["onnx-runtime", "off-by-one"])
    assert outcome.exact == ("onnx-runtime",)
    assert outcome.failed is not None
    name, problem = outcome.failed
    model, x = campaign.make(0, 0)
    assert name == "off-by-one"
    assert problem.startswith(f"sample 4, step {x.shape[1] - 1}, layer {model.nodes[1].name}, output")


def test_an_executor_that_raises_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Executor):
        name = "broken"

        def difference(self, model: Model, x: Array, expected: Run, folder: Path) -> str | None:
            raise OSError("no such thing")

    monkeypatch.setitem(EXECUTORS, "broken", Broken())
    assert campaign.examine(0, 0, ["broken"]).failed == ("broken", "OSError: no such thing")


def test_the_entry_point_saves_the_model_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = campaign.Outcome(7, (), (), {}, ("mcu:host", "sample 0, step 1"))
    monkeypatch.setattr(entry, "outcomes", lambda *_: iter([failed]))
    done = CliRunner().invoke(entry.campaign, ["--seed", "5", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "mcu:host differs from the interpreter on model 7 of seed 5" in done.output
    assert load(tmp_path / "seed5-model7.onnx") == campaign.make(5, 7)[0]


def test_the_entry_point_counts(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        entry.campaign, ["--models", "6", "--jobs", "2", "--executor", "onnx-runtime", "--out", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    assert "6 random models, seed 0" in done.output
    assert "onnx-runtime                   6      6        0" in done.output
