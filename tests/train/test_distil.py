"""Distillation: the loss, and a teacher in the training loop."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from edgesnn.errors import ConfigError
from edgesnn.train.distil import Distillation, Teacher
from edgesnn.train.loop import Trainer
from edgesnn.train.recipe import Recipe
from tests.networks import Plain, bars, lively

LABELS = torch.tensor([0, 2, 1, 1])


def logits(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, 3, generator=torch.Generator().manual_seed(seed), requires_grad=True)


def test_without_a_share_of_the_teacher_it_is_cross_entropy():
    own, imitated, teacher = logits(4), logits(4, seed=1), logits(4, seed=2)
    loss = Distillation(alpha=0).loss(own, imitated, LABELS, teacher)
    assert torch.equal(loss, F.cross_entropy(own, LABELS))
    loss.backward()
    assert (imitated.grad == 0).all() and teacher.grad is None


@pytest.mark.parametrize("soft", [False, True])
def test_the_teacher_gets_no_gradient(soft):
    own, imitated, teacher = logits(4), logits(4, seed=1), logits(4, seed=2)
    Distillation(0.7, 2.0, soft).loss(own, imitated, LABELS, teacher).backward()
    assert teacher.grad is None and (imitated.grad != 0).any() and (own.grad != 0).any()


def test_hard_distillation_learns_the_teachers_decisions():
    own, imitated, teacher = logits(4), logits(4, seed=1), logits(4, seed=2)
    wanted = 0.75 * F.cross_entropy(own, LABELS) + 0.25 * F.cross_entropy(imitated, teacher.argmax(1))
    torch.testing.assert_close(Distillation(0.25).loss(own, imitated, LABELS, teacher), wanted)


def test_soft_distillation_is_the_divergence_of_softened_probabilities():
    imitated, teacher = logits(4, seed=1), logits(4, seed=2)
    p, q = torch.softmax(teacher / 3, 1), torch.softmax(imitated / 3, 1)
    wanted = 9 * (p * (p / q).log()).sum(1).mean()
    torch.testing.assert_close(Distillation(1.0, 3.0, True).imitation(imitated, teacher), wanted)
    assert Distillation(1.0, 3.0, True).imitation(teacher, teacher).item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("soft", [False, True])
def test_time_steps_are_averaged(soft):
    own, teacher, how = logits(2, 4), logits(4, seed=2), Distillation(0.5, 2.0, soft)
    wanted = sum(how.loss(step, step, LABELS, teacher) for step in own) / 2
    torch.testing.assert_close(how.loss(own, own, LABELS, teacher), wanted)


@pytest.mark.parametrize("wrong", [{"alpha": 1.5}, {"alpha": -0.1}, {"temperature": 0.0}])
def test_shares_and_temperatures_out_of_range_are_refused(wrong):
    with pytest.raises(ConfigError, match="distillation"):
        Distillation(**wrong)


def test_a_spiking_teachers_logits_are_means_over_the_steps():
    network = lively(Plain())
    samples = bars(5).samples
    with torch.no_grad():
        scores = network(samples)
    assert torch.equal(Teacher(network).logits(samples), scores[-1] / 2 / 128)


def test_a_teacher_that_knows_the_classes_teaches_them_to_a_pupil_with_wrong_labels():
    """The labels are one class; what the pupil knows of the others it has from its teacher."""

    class Oracle(nn.Module):
        def forward(self, raw):
            places = raw.float().reshape(len(raw), 12, 3, 4).mean(dim=(1, 3))
            return 100.0 * F.one_hot(places.argmax(1), 3)

    fit = bars(128)
    fit.labels.zero_()
    torch.manual_seed(0)
    recipe = Recipe(epochs=12, batch=32, learning_rate=1e-2, shift=0, rate_weight=0.0)
    teacher = Teacher(Oracle(), Distillation(alpha=1.0))
    history = Trainer(Plain(), recipe, fit, bars(60, 1), teacher=teacher).train()
    assert history.accuracies[-1] > 0.8


@pytest.mark.parametrize("soft", [False, True])
def test_training_leaves_the_teacher_as_it_was(soft):
    """Neither gradients nor optimiser nor statistics of normalisation reach it."""
    torch.manual_seed(0)
    teacher, pupil, fit = lively(Plain()), Plain(), bars(64)
    before = {name: value.clone() for name, value in teacher.state_dict().items()}
    recipe = Recipe(epochs=1, batch=32, learning_rate=1e-2, shift=0)
    Trainer(pupil, recipe, fit, bars(30, 1), teacher=Teacher(teacher, Distillation(0.5, 2.0, soft))).train()
    assert all(p.grad is None for p in teacher.parameters())
    assert any(p.grad is not None and p.grad.any() for p in pupil.parameters())
    assert all(torch.equal(value, before[name]) for name, value in teacher.state_dict().items())
