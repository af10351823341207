"""The C that learns gives the integers of the learner in Python: any network, any samples, after any number of them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesnn.integer.learning import Layer, Learning, Pupil
from edgesnn.integer.learning_section import POTENTIALS
from tests.targets.mcu.learning import host

EXAMPLES, NETWORKS = 8, 6


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return host.build(tmp_path_factory.mktemp("learner"))


@st.composite
def pupils(draw: st.DrawFn) -> Pupil:
    """One to three layers whose neurons fire now and then, constants over their whole range."""
    rule = draw(st.sampled_from(host.RULES))
    rng = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    sizes = draw(st.lists(st.integers(1, 12), min_size=2, max_size=4))
    ticks = draw(st.sampled_from((2, 8, 64) if rule == "stdbp" else (1, 5, 16)))
    spread = draw(st.sampled_from((3, 40, 128)))
    layers = []
    for number, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
        weight = rng.integers(-spread, spread, (outputs, inputs)) + draw(st.integers(0, spread // 2))
        unit = spread * (ticks if rule == "stdbp" else 1)
        fires = rule not in POTENTIALS or number < len(sizes) - 2
        threshold = int(rng.integers(1, 2 + 2 * unit)) if fires else 0
        layers.append(Layer(weight.clip(-128, 127), threshold, draw(st.sampled_from((8, 16, 24)))))
    return Pupil("drawn", tuple(layers), ticks, draw(sections(rule)))


def sections(rule: str) -> st.SearchStrategy[Learning]:
    ranges: dict[str, Any] = {
        "rate_shift": st.integers(1, 16), "hidden_rate_shift": st.integers(1, 16), "error_shift": st.integers(0, 8),
        "softness": st.integers(0, 16), "kernel_shift": st.integers(0, 8), "width_shift": st.integers(0, 3),
        "adapt_shift": st.integers(1, 12), "rate_target": st.sampled_from((0, 1, 6000, 65536)),
        "halve_every": st.sampled_from((0, 1, 3)), "stochastic": st.booleans(), "seed": st.integers(0, (1 << 32) - 1),
        "events": st.sampled_from((3, 511)), "input_events": st.sampled_from((5, 4096)),
    }  # fmt: skip
    return st.fixed_dictionaries(ranges).map(lambda constants: Learning(rule, **constants))


def samples_for(pupil: Pupil, seed: int, count: int = 25) -> list[host.Sample]:
    """Samples with few spikes and many; some are not learned."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        if pupil.learning.rule == "stdbp":
            x = rng.integers(0, pupil.ticks + 2, pupil.inputs)
        else:
            x = (rng.random((pupil.ticks, pupil.inputs)) < rng.choice([0.05, 0.3])).astype(np.int64)
        found.append((x, int(rng.integers(pupil.classes)) if rng.random() < 0.9 else host.INFER))
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(pupils(), st.integers(0, 1 << 32)), min_size=NETWORKS, max_size=NETWORKS))
def test_any_network_learns_the_same(program: Path, drawn: list[tuple[Pupil, int]]) -> None:
    cases = [(pupil, samples_for(pupil, seed)) for pupil, seed in drawn]
    for (pupil, samples), found in zip(cases, host.in_c(program, cases), strict=True):
        assert found == host.in_python(pupil, samples)
