"""Loihi's learning engine in integers, as Lava's fixed-point simulation of it computes, random numbers included.

Lava's model calls itself bit-approximate: it has the widths of the chip, and not every bit of it. What is here equals
that model (lava-nc 0.10, LearningConnectionModelBitApproximate), not silicon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from edgesnn.integer import Array
from edgesnn.targets.loihi.learning.rule import WIDTHS, Product, Rule

TRACE_MAX = 127
SCALE_BITS = 4
ACCUMULATOR_BITS = 15
FRACTION_BITS = 7
"""A weight or tag enters the accumulator shifted left by this, and leaves it rounded."""
EXPONENT_OFFSET = 7
THIRD_FACTOR_TAU = 65535
"""Lava lets even third factors decay by this: in a step, y becomes y - 1 with probability y / 65535."""
WEIGHTS, TAGS = (-256, 255), (-257, 255)
ROUNDING_SEED = 2
"""Lava's own, whatever the rule's seed."""


class Engine:
    """The synapses between two layers: weights (outputs, inputs), from -256 to 255, tags, and the traces beside them.

    The draws are Lava's: one for all synapses in an epoch, one for all traces in a step.
    """

    def __init__(self, weight: Array, rule: Rule) -> None:
        self.rule = rule
        self.weight = np.array(weight, np.int64)
        self.tag = np.zeros_like(self.weight)
        self.x1 = np.zeros(self.weight.shape[1], np.int64)
        self.spiked_at = np.zeros(self.weight.shape[1], np.int64)
        self.time = 0
        self._x_draws = np.random.default_rng(rule.seed)
        self._y_draws = np.random.default_rng(rule.seed + 2)
        self._rounding = np.random.default_rng(ROUNDING_SEED)
        for draws in (self._x_draws, self._y_draws, self._rounding):
            draws.random()

    def step(self, spikes: Array, third_factors: Array) -> None:
        """A time step: spikes (inputs,) of 0 and 1, third_factors (3, outputs) for y1, y2 and y3, from 0 to 127."""
        self.time += 1
        fired = spikes.astype(bool)
        again = fired & (self.spiked_at > 0)
        self.x1[again] = self._impulse(self.x1[again])
        self.spiked_at[fired] = (self.time - 1) % self.rule.epoch + 1
        x_draw, y_draw = (draws.random(2)[1] for draws in (self._x_draws, self._y_draws))
        if self.time % self.rule.epoch == 0:
            self._learn(third_factors, x_draw, y_draw)

    def _learn(self, third_factors: Array, x_draw: float, y_draw: float) -> None:
        draw = float(self._rounding.random())
        x = self._x_history(x_draw)
        gates = self._gates()
        active = [
            [product for product in products if gates[product.gate].any()] for products in (self.rule.dw, self.rule.dt)
        ]  # fmt: skip
        if any(active):
            factors = self._factors(x, self._y_history(third_factors, y_draw))
            weight = moved(self.weight, active[0], gates, factors, draw, WEIGHTS)
            self.tag = moved(self.tag, active[1], gates, factors, draw, TAGS)
            self.weight = weight
        self.x1 = x[-1]
        self.spiked_at[:] = 0

    def _x_history(self, draw: float) -> Array:
        """x1 before the epoch and after each of its steps, (1 + epoch, inputs)."""
        history = [self.x1]
        for step in range(1, self.rule.epoch + 1):
            value = decayed(history[-1], self.rule.x1_tau, draw)
            fired = self.spiked_at == step
            value[fired] = self._impulse(value[fired])
            history.append(value)
        return np.stack(history)

    def _impulse(self, trace: Array) -> Array:
        return np.minimum(trace + self.rule.x1_impulse, TRACE_MAX)

    def _y_history(self, third_factors: Array, draw: float) -> Array:
        """Third factors before the epoch's end and after each of its steps, (1 + epoch, 3, outputs)."""
        history = [np.array(third_factors, np.int64)]
        for _ in range(self.rule.epoch):
            history.append(decayed(history[-1], THIRD_FACTOR_TAU, draw))
        return np.stack(history)

    def _gates(self) -> Mapping[str, Array]:
        counts = self.time // self.rule.epoch % (1 << self.rule.decimate) == 0
        return {"x0": (self.spiked_at > 0).astype(np.int64)[None], "u": np.full((1, 1), int(counts))}

    def _factors(self, x: Array, y: Array) -> Mapping[str, Mapping[str, Array]]:
        """For each gate the factors as they were at its time, all of them broadcasting to the weights."""
        at = self.spiked_at
        kept = {"w": self.weight, "t": self.tag}
        at_end = {f"y{k + 1}": y[-1, k][:, None] for k in range(3)}
        at_spike = {f"y{k + 1}": y[at, k].T for k in range(3)}
        return {
            "u": {"x1": x[-1][None], **at_end, **kept},
            "x0": {"x1": x[at, np.arange(len(at))][None], **at_spike, **kept},
        }


def moved(
    value: Array, products: Sequence[Product], gates: Mapping[str, Array], factors: Mapping[str, Mapping[str, Array]],
    draw: float, limits: tuple[int, int],
) -> Array:  # fmt: skip
    """Weights or tags after an epoch. Products of a shut gate may be left out: what is whole is not rounded."""
    if not products:
        return value
    total = value << FRACTION_BITS
    for product in products:
        total = accumulated(total + accumulated(term(product, gates[product.gate], factors[product.gate])))
    whole, part = total >> FRACTION_BITS, total & (1 << FRACTION_BITS) - 1
    rounded: Array = np.clip(whole + (draw < part / (1 << FRACTION_BITS)), *limits)
    return rounded


def term(product: Product, gate: Array, factors: Mapping[str, Array]) -> Array:
    """A product, in 2^-7 of a weight's unit: shifted right by what its factors are wider than the accumulator."""
    value, width = gate * product.mantissa, SCALE_BITS
    for name in product.factors:
        bits = WIDTHS[name]
        value = value * np.clip(factors[name], -(1 << bits), (1 << bits) - 1)
        width += bits
    return (value >> max(0, width - ACCUMULATOR_BITS)) << product.exponent + EXPONENT_OFFSET


def accumulated(value: Array) -> Array:
    """Within the accumulator; the lower end is one further out, as in Lava."""
    limit = 1 << ACCUMULATOR_BITS
    kept: Array = np.clip(value, -limit - 1, limit - 1)
    return kept


def decayed(trace: Array, tau: int, draw: float) -> Array:
    """After a time step: trace e^(-1/tau), rounded up if the draw is below its fraction. Nothing is left of tau 0."""
    if tau == 0:
        return np.zeros_like(trace)
    exact = np.exp(-1 / tau) * trace
    whole = np.floor(exact)
    found: Array = (whole + (draw < exact - whole)).astype(np.int64)
    return found
