"""Training: resumption, several processes, rate regularisation. All on tiny random data."""

import dataclasses
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from edgesnn.errors import ConfigError, FileError, TrainingError
from edgesnn.integer import run
from edgesnn.layers import Lif, Membrane, QuantConv2d, QuantInput, QuantizedLif, QuantLinear
from edgesnn.lower import lower
from edgesnn.train.augment import shifted
from edgesnn.train.loop import Split, Trainer, evaluate
from edgesnn.train.loss import rate_penalty, temporal_cross_entropy
from edgesnn.train.processor import multiplies_bfloat16
from edgesnn.train.recipe import Recipe
from tests.networks import Branched, bars


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.unit = 128
        self.image = QuantInput((1, 8, 8), 2)
        self.conv = QuantConv2d(1, 4, 3, stride=2, padding=1, input_max=127)
        self.fire = QuantizedLif(128)
        self.mid = QuantLinear(64, 32, weight_bits=1, norm=True)
        self.fire2 = Lif(128)
        self.deep = QuantLinear(32, 32, weight_bits=1, norm=True)
        self.fire3 = Lif(128)
        self.head = QuantLinear(32, 3)
        self.scores = Membrane()

    def forward(self, raw):
        x = self.fire(self.conv(self.image(raw)))
        return self.scores(self.head(self.fire3(self.deep(self.fire2(self.mid(x.flatten(2)))))))


def data(count: int = 96, seed: int = 0) -> Split:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 3, (count,), generator=generator)
    images = torch.randint(0, 80, (count, 8, 8), generator=generator)
    for image, label in zip(images, labels, strict=True):
        image[:, 2 * label : 2 * label + 2] += 150  # a bright bar tells the class
    return Split(images, labels)


RECIPE = Recipe(epochs=4, batch=32, learning_rate=5e-3, shift=1, seed=3)


def trainer(recipe=RECIPE, checkpoint=None):
    torch.manual_seed(recipe.seed)
    return Trainer(Tiny(), recipe, data(), data(48, 1), checkpoint)


def test_it_learns():
    job = trainer(Recipe(epochs=12, batch=32, learning_rate=1e-2, shift=0))
    history = job.train()
    assert history.accuracies[-1] > 0.8 and history.losses[-1] < history.losses[0]
    assert evaluate(job.network, job.validation) == history.accuracies[-1]


def test_coarse_floats_in_training_and_exact_integers_after_it(monkeypatch):
    """bfloat16 where convolutions put something out; weights, statistics and the trained network are as ever."""
    monkeypatch.setattr("edgesnn.train.loop.multiplies_bfloat16", lambda: True)  # emulated where it is not
    torch.manual_seed(0)
    network, recipe = Branched(), Recipe(epochs=12, batch=32, learning_rate=1e-2, shift=0, bfloat16=True)
    with torch.no_grad():
        assert network.train().stem(network.image(bars(4).samples)).dtype == torch.float32
    job = Trainer(network, recipe, bars(), bars(48, 1))
    with torch.no_grad():
        assert network.train().fire1(network.stem(network.image(bars(4).samples))).dtype == torch.bfloat16
    history = job.train()
    assert history.accuracies[-1] > 0.8
    assert {value.dtype for value in network.state_dict().values() if value.is_floating_point()} == {torch.float32}
    model, samples = lower(network, "coarse"), bars(20, 2).samples
    with torch.no_grad():
        scores = network(samples)[-1].numpy() * model.metadata.output_unit / network.unit
    np.testing.assert_array_equal(run(model, model.encode(samples.numpy())).output, scores)


def test_a_processor_without_bfloat16_trains_with_float32(monkeypatch):
    monkeypatch.setattr("edgesnn.train.loop.multiplies_bfloat16", lambda: False)
    network = Branched()
    Trainer(network, Recipe(batch=32, shift=0, bfloat16=True), bars(), bars(48, 1))
    with torch.no_grad():
        assert network.train().fire1(network.stem(network.image(bars(4).samples))).dtype == torch.float32


@pytest.mark.parametrize(
    ("told", "has"),
    [({"avx2": True, "avx512_bf16": False, "amx_bf16": False}, False), ({"amx_bf16": True}, True),
     ({"cpu_name": "bf16"}, False), ({}, False)],
)  # fmt: skip
def test_what_torch_tells_of_the_processor(told, has, monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: told, raising=False)
    assert multiplies_bfloat16() is has


def test_the_same_seed_gives_the_same_weights():
    first, second = trainer(), trainer()
    assert first.train() == second.train()
    for a, b in zip(first.network.state_dict().values(), second.network.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_a_resumed_run_ends_where_an_unbroken_one_does(tmp_path, monkeypatch):
    unbroken = trainer()
    history = unbroken.train()
    broken = trainer(checkpoint=tmp_path / "run.checkpoint")
    original, epochs = Trainer._epoch, []

    def epoch(self, number, progress):
        if number == 2:
            raise KeyboardInterrupt
        epochs.append(number)
        return original(self, number, progress)

    monkeypatch.setattr(Trainer, "_epoch", epoch)
    with pytest.raises(KeyboardInterrupt):
        broken.train()
    monkeypatch.undo()
    assert epochs == [0, 1]
    resumed = trainer(checkpoint=tmp_path / "run.checkpoint")
    assert resumed.train() == history
    for a, b in zip(resumed.network.state_dict().values(), unbroken.network.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_checkpoints_of_another_recipe_and_damaged_ones_are_refused(tmp_path):
    path = tmp_path / "run.checkpoint"
    trainer(Recipe(epochs=1, batch=32, seed=3), path).train()
    with pytest.raises(FileError, match="another recipe"):
        trainer(RECIPE, path).train()
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(FileError, match="is no checkpoint"):
        trainer(RECIPE, path).train()


TWO = """
import json, sys, torch
sys.path.insert(0, sys.argv[1])
from tests.train.test_training import RECIPE, Tiny, data
from edgesnn.train.loop import Trainer
from edgesnn.train.processes import process_group
with process_group() as (rank, world):
    torch.manual_seed(RECIPE.seed)
    trainer = Trainer(Tiny(), RECIPE, data(), data(48, 1), None, rank, world)
    trained = trainer.train()
    if rank == 0:
        torch.save(trainer.network.state_dict(), sys.argv[2])
        print(json.dumps([world, trained.accuracies]))
"""


def test_two_processes_train_like_one(tmp_path):
    """Same batches, statistics, scales and gradients; only the order of float additions differs."""
    script = tmp_path / "two.py"
    script.write_text(TWO)
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, str(script), str(root), str(tmp_path / "two.pt")],
        capture_output=True, text=True, env=environment, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    world, accuracies = json.loads(done.stdout.strip().splitlines()[-1])
    one = trainer()
    history = one.train()
    assert world == 2
    assert list(history.accuracies) == pytest.approx(accuracies, abs=0.05)
    for (name, wanted), got in zip(
        one.network.state_dict().items(), torch.load(tmp_path / "two.pt", weights_only=True).values(), strict=True
    ):
        torch.testing.assert_close(got, wanted, atol=5e-3, rtol=1e-2, msg=name)


def test_rate_penalty_has_the_stated_gradient_and_minimum():
    rates = [torch.tensor(r, dtype=torch.float64, requires_grad=True) for r in (0.1, 0.5, 0.8)]
    rate_penalty(rates, 0.5).backward()
    for rate in rates:
        assert float(rate.grad) == pytest.approx(2 * (rate.item() - 0.5) / len(rates), abs=1e-6)


def test_rate_penalty_is_least_at_the_target():
    def penalty(*rates: float) -> float:
        return float(rate_penalty([torch.tensor(rate) for rate in rates], 0.5))

    assert penalty(0.5, 0.5) == 0
    assert all(penalty(0.5, rate) > 0 for rate in (0.0, 0.49, 0.51, 1.0))
    assert penalty(0.1, 0.8) == pytest.approx((0.4**2 + 0.3**2) / 2)


def test_the_loss_has_the_penalty_of_all_but_the_first_and_the_last_neurons():
    """CE + lambda * mean over the inner layers of (r - 1/2)^2 (Wei et al., ACM MM 2024)."""
    images, rows = data(32).samples, torch.arange(32)
    losses = {}
    for weight in (0.0, 0.25):
        job = trainer(dataclasses.replace(RECIPE, rate_weight=weight, rate_target=0.5))
        scores = job.network.train()(images)
        losses[weight] = job.loss(scores, images, rows).item()
    rates = [neuron.rate.item() for neuron in (job.network.fire, job.network.fire2, job.network.fire3)]
    assert len(set(rates)) == 3
    assert losses[0.25] - losses[0.0] == pytest.approx(0.25 * (rates[1] - 0.5) ** 2, rel=1e-3)

    currents = torch.randn(3, 5, 4, generator=torch.Generator().manual_seed(0)) * 100
    labels = torch.tensor([0, 1, 2, 3, 0])
    wanted = sum(nn.functional.cross_entropy(step / 128, labels) for step in currents) / 3
    torch.testing.assert_close(temporal_cross_entropy(torch.cumsum(currents, 0), labels, 128.0), wanted)


def test_shift_moves_whole_images():
    image = torch.zeros(1, 5, 5, dtype=torch.long)
    image[0, 2, 2] = 7
    moved = shifted(image.expand(200, 5, 5), 1, torch.Generator().manual_seed(0))
    assert (moved.sum(dim=(1, 2)) == 7).all()
    assert len(moved.unique(dim=0)) == 9


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"learning_rat": 1}, "unknown key 'learning_rat'.*learning_rate"),
        ({"epochs": 0}, "epochs 0"),
        ({"learning_rate": -1.0}, "learning_rate -1.0"),
    ],
)
def test_bad_recipes_are_refused(values, problem):
    with pytest.raises(ConfigError, match=problem):
        Recipe.of(values)


def test_impossible_batches_are_refused():
    with pytest.raises(TrainingError, match="make no batch"):
        Trainer(Tiny(), Recipe(batch=1000), data(), data(48, 1))
    with pytest.raises(TrainingError, match="does not split"):
        Trainer(Tiny(), Recipe(batch=31), data(), data(48, 1), world=2)


def test_freed_memory_is_kept_where_there_is_glibc():
    from edgesnn.train.memory import keep_freed_memory

    assert keep_freed_memory() is (platform.libc_ver()[0] == "glibc")
