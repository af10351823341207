"""Our integers of Loihi's learning engine, held against Lava's own synapses after every time step."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from edgesnn.environments import second_python
from edgesnn.errors import ModelError
from edgesnn.integer import Array
from edgesnn.targets.loihi import bundle
from edgesnn.targets.loihi.learning.engine import Engine
from edgesnn.targets.loihi.learning.rule import Product, Rule

STEPS, INPUTS, OUTPUTS = 30, 7, 4
RNG = np.random.default_rng(5)
WEIGHT = 2 * RNG.integers(-128, 128, (OUTPUTS, INPUTS))
SPIKES = (RNG.random((STEPS, INPUTS)) < 0.4).astype(np.int64)
FACTORS = RNG.integers(0, 128, (STEPS, 3, OUTPUTS)) * (RNG.random((STEPS, 3, 1)) < 0.7)

ERROR_TIMES_TRACE = (Product(1, -3, "u", ("x1", "y2")), Product(-1, -3, "u", ("x1", "y3")))
RULES = {
    "error times trace, x1 as good as without decay": Rule(
        ERROR_TIMES_TRACE, decimate=2, x1_impulse=8, x1_tau=1 << 62
    ),
    "error times a trace that decays, in epochs": Rule(
        ERROR_TIMES_TRACE, epoch=5, x1_impulse=40, x1_tau=3, seed=11
    ),
    "error times eligibility, which a tag holds": Rule(
        dw=(Product(3, 0, "u", ("t", "y2")), Product(-3, 0, "u", ("t", "y3"))),
        dt=(Product(1, 3, "x0"), Product(-1, 0, "u", ("t",))),
        decimate=3,
        seed=4,
    ),
    "at a spike's own time": Rule((Product(7, -1, "x0", ("x1", "y1")),), epoch=3, x1_impulse=25, x1_tau=20),
    "weights that decay and grow beyond their ends": Rule(
        (Product(-1, -4, "u", ("w",)), Product(5, 4, "x0", ("y2",)), Product(-8, 8, "u", ("y3", "y3"))),
        dt=(Product(7, 8, "x0", ("y1",)), Product(-8, 8, "u", ("y2",))),
        epoch=2,
    ),
    "x1 for a step only": Rule((Product(1, 0, "u", ("x1", "y2")),), x1_impulse=100),
}  # fmt: skip


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Array]:
    """What Lava makes of all rules, in one process."""
    folder = tmp_path_factory.mktemp("engine")
    texts = np.array([json.dumps(rule.arguments()) for rule in RULES.values()])
    np.savez(folder / "cases.npz", weight=WEIGHT, spikes=SPIKES, factors=FACTORS, rules=texts)
    script = Path(__file__).with_name("lava_engine.py")
    command = [second_python(), script, bundle.RUNNER, folder / "cases.npz", folder / "result.npz"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    with np.load(folder / "result.npz") as arrays:
        return dict(arrays)


@pytest.mark.parametrize("name", RULES)
def test_every_weight_tag_and_trace_at_every_step(name: str, seen: dict[str, Array]) -> None:
    engine, number = Engine(WEIGHT, RULES[name]), list(RULES).index(name)
    changed = False
    for step in range(STEPS):
        engine.step(SPIKES[step], FACTORS[step])
        for what in ("weight", "tag", "x1"):
            ours, theirs = getattr(engine, what), seen[f"{number}.{what}"][step]
            assert (ours == theirs).all(), (what, step, np.argwhere(ours != theirs)[0])
        changed |= bool((engine.weight != WEIGHT).any())
    assert changed


def test_the_draws_matter() -> None:
    """Otherwise equality with Lava would say nothing about its rounding."""
    rule = RULES["error times a trace that decays, in epochs"]
    ends = []
    for seed in (11, 12):
        engine = Engine(WEIGHT, Rule(rule.dw, epoch=5, x1_impulse=40, x1_tau=3, seed=seed))
        for step in range(STEPS):
            engine.step(SPIKES[step], FACTORS[step])
        ends.append(engine.weight)
    assert (ends[0] != ends[1]).any()


@pytest.mark.parametrize(
    "arguments", [(9, 0, "u"), (1, 9, "u"), (1, -8, "u"), (1, 0, "y0"), (1, 0, "u", ("x3",))], ids=str
)
def test_what_is_no_product_of_the_engine(arguments: tuple[int, int, str, tuple[str, ...]]) -> None:
    with pytest.raises(ModelError, match="is no product of it"):
        Product(*arguments)


def test_what_is_no_epoch() -> None:
    with pytest.raises(ModelError, match="Epochs have 1 to 63 steps"):
        Rule(epoch=64)
