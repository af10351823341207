"""What each stage does to a network; after every one torch in eval mode is the integer model, bit for bit."""

from __future__ import annotations

import pytest
import torch

from edgesnn.compression.calibration import measure_statistics
from edgesnn.compression.source import find_source
from edgesnn.compression.stages import Alphabet, Calibrate, Distil, Export, Prune, State, Steps, Train, Weights
from edgesnn.compression.work import Work
from edgesnn.errors import ConfigError, ModelError
from edgesnn.integer import run
from edgesnn.integer.ops import Conv, Dense
from edgesnn.layers import GradedLif, Lif, QuantizedLif, TernaryLif
from edgesnn.lower import lower
from edgesnn.structure.copying import copied
from edgesnn.train.loop import evaluate
from edgesnn.train.recipe import Recipe
from tests.networks import Branched


def work_on(network, data) -> Work:
    training = Recipe(epochs=1, batch=32, learning_rate=5e-3, shift=0)
    return Work("mine", network, copied(network), *data, training)


def exact(network, samples) -> bool:
    """Whether torch's scores are the interpreter's."""
    model = lower(network, "mine")
    with torch.no_grad():
        scores = network(samples)[-1].long().numpy()
    return bool((run(model, model.encode(samples.numpy())).output == scores).all())


@pytest.mark.parametrize(
    ("kind", "bits", "largest"), [("binary", 1, 1), ("zero_free", 2, 3), ("dual_scale", 2, 1), ("linear", 4, 7)]
)
def test_weights_go_to_the_grid_of_the_layers_named(kind, bits, largest, branched, data):
    outcome = Weights(kind, bits, ("main", "head")).run(work_on(branched, data))
    assert [change.layer for change in outcome.changes] == ["main", "head"]
    model = lower(branched, "mine")
    found = {node.name: abs(node.op.weight).max() for node in model.nodes if isinstance(node.op, (Conv, Dense))}
    assert found["main"] == found["head"] == largest and found["skip"] > 100
    assert exact(branched, data[1].samples)


def test_state_quantises_membranes_and_keeps_the_leak(branched, data):
    work = work_on(branched, data)
    State(4).run(work)
    assert {type(getattr(branched, name)) for name in ("fire1", "fire2", "fire3")} == {QuantizedLif}
    assert (branched.fire2.state_bits, branched.fire2.leak) == (4, 0.5)
    scales = {path: float(getattr(branched, path).alpha) for path in ("fire2", "fire3")}
    assert set(scales.values()) == {1.0}
    Calibrate(2).run(work)
    assert all(0 < float(getattr(branched, path).alpha) < 1 for path in scales)
    assert exact(branched, data[1].samples)


def test_calibration_puts_statistics_right(branched, data):
    """Spoilt statistics ruin the network; measured ones mend it without any training."""
    before = evaluate(branched, data[1])
    for name in ("main", "joined"):
        getattr(branched, name).norm.mean.add_(3)
        getattr(branched, name).norm.var.mul_(20)
    assert evaluate(branched, data[1]) < before - 0.3
    Calibrate(4).run(work_on(branched, data))
    assert evaluate(branched, data[1]) > 0.9
    assert not branched.training and not any(m._forward_pre_hooks for m in branched.modules())


def test_statistics_are_those_of_the_currents(branched, data):
    measure_statistics(branched, [data[0].samples])
    with torch.no_grad():
        x = branched.image(data[0].samples)
        currents = branched.stem.product(x.flatten(0, 1), branched.stem.quantise(branched.stem.weight) / 127)
    torch.testing.assert_close(branched.stem.norm.mean, currents.mean((0, 2, 3)))
    torch.testing.assert_close(branched.stem.norm.var, currents.var((0, 2, 3)), rtol=2e-2, atol=1e-5)


@pytest.mark.parametrize(
    ("stage", "neuron", "unit", "input_max"),
    [
        (Alphabet("ternary", state_bits=4), TernaryLif, 7 << 9, 1),
        (Alphabet("graded", spike_bits=2), GradedLif, 128, 3),
        (Alphabet("binary"), Lif, 128, 1),
    ],
)
def test_an_alphabet_fits_the_synapses_around_it(stage, neuron, unit, input_max, branched, data):
    stage.run(work_on(branched, data))
    assert all(isinstance(getattr(branched, name), neuron) for name in ("fire1", "fire2", "fire3"))
    assert {getattr(branched, name).unit for name in ("stem", "main", "skip", "joined")} == {unit}
    assert {getattr(branched, name).input_max for name in ("main", "skip", "joined", "head")} == {input_max}
    assert (branched.stem.input_max, branched.head.unit) == (127, 128)
    assert exact(branched, data[1].samples)


def test_thresholds_that_do_not_fit_together_are_refused(data):
    class Forked(Branched):
        def forward(self, raw):
            current = self.stem(self.image(raw))
            x = self.fire1(current)
            y = self.fire2(self.main(x) + current)
            return self.scores(self.head(self.fire3(self.joined(torch.cat([x, y], dim=2))).flatten(2)))

    with pytest.raises(ConfigError, match="stem: drives neurons of thresholds"):
        Alphabet("ternary", layers=("fire1",)).run(work_on(Forked().eval(), data))


def test_ternary_and_graded_membranes_are_not_quantised_again(branched, data):
    work = work_on(branched, data)
    Alphabet("ternary").run(work)
    with pytest.raises(ConfigError, match="fires other than 0 or 1"):
        State(4).run(work)


def test_pruning_spares_the_last_convolution_unless_told(plain, data):
    work = work_on(copied(plain), data)
    outcome = Prune(0.5, batches=1).run(work)
    assert outcome.notes == ("conv1 keeps 3 of 6", "conv2 keeps 4 of 8")
    assert work.network.conv3.weight.shape == (8, 4, 3, 3)
    work = work_on(copied(plain), data)
    Prune(0.5, batches=1, last_convolution=True).run(work)
    assert work.network.conv3.weight.shape == (4, 4, 3, 3) and work.network.hidden.weight.shape == (10, 36)


def test_what_could_not_be_pruned_is_said(branched, data):
    outcome = Prune(0.5, layers=("main", "stem")).run(work_on(branched, data))
    assert outcome.notes[0] == "stem keeps 4 of 8"
    assert outcome.notes[1] == "main stays whole: its channels are added to those of skip"


def test_the_seed_of_random_pruning_is_the_runs_unless_given(plain, data):
    def kept(seed, given):
        work = work_on(copied(plain), data)
        work.seed = seed
        return Prune(0.5, "random", seed=given).run(work).changes

    assert kept(1, None) == kept(2, 1) == kept(1, 1) != kept(2, None)


def test_other_time_steps(branched, data):
    assert Steps(4).run(work_on(branched, data)).notes == ("from 2 to 4",)
    assert lower(branched, "mine").time_steps == 4 and exact(branched, data[1].samples)


def test_training_goes_on_from_how_it_was_trained(branched, data):
    work = work_on(branched, data)
    seen = []
    work.tell = seen.append
    Train(2, learning_rate=1e-3, batch=16).run(work)
    assert len(seen) == 2 and seen[0].startswith("epoch 1/2")
    with pytest.raises(Exception, match="make no batch of 1000"):
        Train(1, batch=1000).run(work)


def test_a_teacher_is_found_and_forgotten_after_training(branched, data):
    work = work_on(branched, data)
    work.teachers = {"mentor": copied(branched)}
    Distil("mentor", alpha=0.3).run(work)
    assert work.teacher.network is work.teachers["mentor"] and work.teacher.how.alpha == 0.3
    Train(1).run(work)
    assert work.teacher is None
    Distil().run(work)
    assert work.teacher.network is not work.started
    weights = work.teacher.network.state_dict().values()
    assert all(torch.equal(a, b) for a, b in zip(weights, work.started.state_dict().values(), strict=True))


def test_unsuitable_teachers_are_refused(branched, data):
    with pytest.raises(ModelError, match="nobody: is no model of the zoo"):
        Distil("nobody").run(work_on(branched, data))

    class Twelve(torch.nn.Module):
        def forward(self, raw):
            return torch.zeros(len(raw), 12)

    work = work_on(branched, data)
    work.teachers = {"twelve": Twelve()}
    with pytest.raises(ConfigError, match="knows 12 classes, not 3"):
        Distil("twelve").run(work)


def test_export_makes_the_integer_model(branched, data):
    work = work_on(branched, data)
    Export().run(work)
    assert work.model.name == "mine" and work.model == lower(branched, "mine", work.metadata)


def test_batches_are_drawn_by_the_seed_and_not_augmented(branched, data):
    work = work_on(branched, data)
    first, again = work.batches(2, 50), work.batches(2, 50)
    assert [len(batch) for batch in work.batches(5, 50)] == [50, 50, 28]
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    rows = {tuple(image.flatten().tolist()) for image in data[0].samples}
    assert all(tuple(image.flatten().tolist()) in rows for image in first[0])
    work.seed = 7
    assert not torch.equal(work.batches(1, 50)[0], first[0])


def test_a_module_is_a_source_too(branched):
    source = find_source(branched)
    assert (source.name, source.job) == ("branched", None)
