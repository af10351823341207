"""What a device is to learn, and from where: a trained model, or random weights and the constants of a rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from edgesnn.errors import ConfigError
from edgesnn.integer import Array, Model
from edgesnn.integer.learning import Layer, Learning, Pupil, pupil_of, with_layers
from edgesnn.integer.learning_section import BASELINE, POTENTIALS, RULES
from edgesnn.learn import beginning
from edgesnn.lessons import Lessons
from edgesnn.target import nearest

NAME = "network"
"""Of one with random weights."""
KEPT = ("stochastic", "seed", "events", "input_events")
"""Constants of a new network that its baseline has too; the others are each rule's own."""
FAINT = 8
"""Of new networks: values below it do not spike. It was chosen with the constants."""
TICKS = {"std-ed": 16, "mpd-ed": 16, "stdbp": 256, "stbp": 16}
CONSTANTS: dict[str, dict[str, int]] = {
    "mpd-ed": {"rate_shift": 2, "hidden_rate_shift": 2, "softness": 8, "halve_every": 4000},
    "std-ed": {"rate_shift": 5, "hidden_rate_shift": 3, "softness": 0, "kernel_shift": 4, "halve_every": 4000},
    "stdbp": {
        "rate_shift": 9, "hidden_rate_shift": 10, "softness": 3, "rate_target": 20000, "adapt_shift": 3,
        "halve_every": 4000,
    },
    "stbp": {"rate_shift": 2, "hidden_rate_shift": 3, "softness": 8, "halve_every": 4000},
}  # fmt: skip
"""Where nothing else is said: found by some 150 trials a rule with MNIST digits, 196-64-10 from random weights, one
pass over the first 10,000 of the training part, judged by its last 5,000."""


def section(rule: str, constants: Mapping[str, int], first: Learning | None = None) -> Learning:
    """The constants of a rule: those given, those of `first`, then the usual ones. Raises ConfigError, ModelError."""
    known = {field.name for field in dataclasses.fields(Learning)} - {"rule"}
    for name in constants:
        if name not in known:
            raise ConfigError("--set", f"{name!r:.40} is no constant of learning", nearest(name, known))
    changes: dict[str, Any] = {**({} if first else CONSTANTS[rule]), **constants}
    if "stochastic" in changes:
        changes["stochastic"] = bool(changes["stochastic"])
    return dataclasses.replace(first or Learning(rule), **changes)


def pupil_of_model(model: Model, rule: str | None, constants: Mapping[str, int]) -> Pupil:
    """A model that learns by its own section, or by a rule. Raises ConfigError where the two are not the same."""
    own = model.learning
    if own is None and rule is None:
        raise ConfigError(model.name, "has no learning section, and no rule is named", f"--rule: {', '.join(RULES)}")
    if own is not None and rule not in (None, own.rule):
        raise ConfigError("--rule", f"{rule} is not {own.rule}, the rule of {model.name}", "Leave it out")
    learning = section(own.rule if own else str(rule), constants, own)
    return pupil_of(model.replace(learning=learning))


def new_pupil(
    sizes: Sequence[int], rule: str | None, constants: Mapping[str, int], samples: Sequence[Array], seed: int
) -> Pupil:
    """A network with random weights; `samples`, as its learner takes them, choose its thresholds."""
    rule = rule_of_new(rule)
    fitting = {"input_events": min(4096, sizes[0]), **constants}
    pupil = beginning(NAME, sizes, TICKS[rule], section(rule, fitting), samples, seed)
    return dataclasses.replace(pupil, faintest=FAINT)


def rule_of_new(rule: str | None) -> str:
    if rule is None:
        raise ConfigError("--rule", "none is named for a new network", f"Name one: {', '.join(RULES)}")
    return rule


def baseline_of(pupil: Pupil, new: Sequence[int], found: Lessons, seed: int) -> Pupil:
    """The network that learns the same samples by the baseline: of the same sizes and seed where it is new, else of the
    same layers. Raises ConfigError where there is none."""
    learning = pupil.learning
    if learning.rule == BASELINE:
        raise ConfigError("--against", f"{BASELINE} is the baseline itself", "Choose another --rule, or leave it out")
    if new:
        constants = {name: int(getattr(learning, name)) for name in KEPT}
        return new_pupil(new, BASELINE, constants, found.samples(BASELINE, TICKS[BASELINE], faintest=FAINT), seed)
    if learning.rule not in POTENTIALS:
        problem = f"the last layer of {pupil.name} fires, as {learning.rule} wants it, and that of {BASELINE} must not"
        raise ConfigError("--against", problem, "Hold --new SIZES against it")
    return dataclasses.replace(pupil, learning=dataclasses.replace(learning, rule=BASELINE))


def model_with(model: Model | None, pupil: Pupil, layers: tuple[Layer, ...]) -> Model:
    """The model, or a new one, with what was learned; ranges are proven anew, which raises RangeError."""
    first = pupil.model if model is None else model.replace(learning=pupil.learning)
    return with_layers(first, layers)
