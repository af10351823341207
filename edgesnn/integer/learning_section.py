"""The learning section of a model: constants that inference does not need."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.errors import ModelError

RULES = ("std-ed", "mpd-ed", "stdbp", "stbp")
BASELINE = "stbp"
"""The rule that the others are held against."""
POTENTIALS = ("mpd-ed", "stbp")
"""Rules by which the largest final potential decides: the last layer does not fire."""
MAX_EVENTS = 511
"""Of a layer that learns: so many products of a 16-bit error and an 8-bit weight add up within 32 bits."""
BOUNDS = {
    "rate_shift": (1, 16), "hidden_rate_shift": (1, 16), "error_shift": (0, 8), "softness": (0, 16),
    "kernel_shift": (0, 8), "width_shift": (0, 3), "adapt_shift": (1, 12), "rate_target": (0, 1 << 16),
    "halve_every": (0, 1 << 24), "seed": (0, (1 << 32) - 1), "events": (1, MAX_EVENTS), "input_events": (1, 1 << 16),
}  # fmt: skip


@dataclass(frozen=True)
class Learning:
    """How a network goes on learning. Integers only, so that every executor learns the same.

    rule: std-ed, mpd-ed, stdbp, or the baseline stbp.
    rate_shift, hidden_rate_shift: a master weight, in 1/256 of a weight's unit, moves by error * trace / 2^shift; in
        the last layer and in those before it.
    error_shift: errors are in units of 2^-12, in hidden layers in units finer by 2^error_shift.
    softness: classes' probabilities halve every 2^softness units of the output: time steps or ticks (std-ed, stdbp), or
        units of the potential (mpd-ed, stbp).
    kernel_shift: std-ed: what an input takes of a spike's time error halves every 2^kernel_shift steps before it.
    width_shift: mpd-ed, stbp: the surrogate's triangle is 2^width_shift thresholds wide.
    adapt_shift, rate_target: threshold += threshold (r - rate_target) / 2^adapt_shift, r being the running firing
        rate; in units of 2^-16. A target of 0 leaves thresholds as they are.
    halve_every: learned samples after which both shifts grow by one, three times at most; 0: never.
    stochastic: no master weights; 8-bit weights are updated by stochastic rounding, drawn from `seed`.
    events, input_events: the most spikes of a layer, and of the input, that are kept; a sample with more is not
        learned.
    """

    rule: str
    rate_shift: int = 6
    hidden_rate_shift: int = 9
    error_shift: int = 3
    softness: int = 1
    kernel_shift: int = 2
    width_shift: int = 0
    adapt_shift: int = 5
    rate_target: int = 0
    halve_every: int = 0
    stochastic: bool = False
    seed: int = 1
    events: int = MAX_EVENTS
    input_events: int = 4096

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ModelError("learning", f"rule {self.rule!r:.80} is unknown", f"Known: {', '.join(RULES)}")
        for name, (low, high) in BOUNDS.items():
            if not low <= getattr(self, name) <= high:
                raise ModelError("learning", f"{name} {getattr(self, name)} is outside {low}..{high}", "Correct it")
