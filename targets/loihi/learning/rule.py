"""Rules of Loihi's learning engine: sums of products, written once for the emulation and for Lava."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.errors import ModelError

WIDTHS = {"x1": 7, "y1": 7, "y2": 7, "y3": 7, "w": 9, "t": 9}
"""Bits of the factors. x1 is the trace of the neuron before, y1 to y3 the third factors of the neuron behind, w the
weight and t the tag of the synapse (lava-nc 0.10, magma/core/learning/constants.py)."""
GATES = ("x0", "u")
"""x0: synapses whose neuron before has fired in the epoch. u: all, in every 2^decimate-th epoch."""
MANTISSAS = (-8, 7)
EXPONENTS = (-7, 8)


@dataclass(frozen=True)
class Product:
    """mantissa 2^exponent, times its gate, times its factors."""

    mantissa: int
    exponent: int
    gate: str
    factors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = self.gate in GATES and all(factor in WIDTHS for factor in self.factors)
        scale = MANTISSAS[0] <= self.mantissa <= MANTISSAS[1] and EXPONENTS[0] <= self.exponent <= EXPONENTS[1]
        if not known or not scale:
            raise ModelError(
                "learning engine", f"{self} is no product of it",
                f"Mantissas are from {MANTISSAS[0]} to {MANTISSAS[1]}, exponents from {EXPONENTS[0]} to {EXPONENTS[1]}",
            )  # fmt: skip

    def text(self, decimate: int) -> str:
        """As Lava reads it."""
        gate = f"u{decimate}" if self.gate == "u" else self.gate
        return " * ".join((f"({self.mantissa}) * 2^{self.exponent}", gate, *self.factors))


@dataclass(frozen=True)
class Rule:
    """What moves weights and tags at the end of an epoch.

    dw, dt: sums of products; none leaves weights or tags as they are. epoch: in time steps, 1 to 63. decimate: 0 to 9.
    x1_impulse: a whole number that a spike adds to x1, which ends at 127. x1_tau: its decay in time steps; 0: x1 is
    gone after the step. seed: of what Lava draws for traces.
    """

    dw: tuple[Product, ...] = ()
    dt: tuple[Product, ...] = ()
    epoch: int = 1
    decimate: int = 0
    x1_impulse: int = 0
    x1_tau: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.epoch <= 63 or not 0 <= self.decimate <= 9:
            raise ModelError(
                "learning engine", f"epochs of {self.epoch} steps, of which every 2^{self.decimate}-th counts",
                "Epochs have 1 to 63 steps; every 1st to 512th counts",
            )  # fmt: skip

    def arguments(self) -> dict[str, str | int]:
        """Of Lava's Loihi3FLearningRule."""
        texts = {
            name: " + ".join(product.text(self.decimate) for product in products)
            for name, products in (("dw", self.dw), ("dt", self.dt))
            if products
        }
        return {
            **texts, "t_epoch": self.epoch, "x1_impulse": self.x1_impulse, "x1_tau": self.x1_tau,
            "rng_seed": self.seed,
        }  # fmt: skip
