"""The quantised ANN of equal bit budget, and what it would cost by the same tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgesnn.budget.bits import LayerBits
from edgesnn.budget.joules import Joules, joules
from edgesnn.budget.memory import BYTE, Memory


@dataclass(frozen=True)
class FairPair:
    """The same layers as an ANN: T = 1, the same weights, activations of T * b_s bits (soft-reset integration of a
    constant current over T steps is a quantiser of T (2^b_s - 1) + 1 levels), hence the same BB and effort.

    names: ("W1A2", share of the MACs) and so on, the largest share first. energy: with no activation zero, since nobody
    trained it; it grows with the share of activations that are not. break_even: the share from which on the ANN needs
    more than the spiking model; 1 where it never does, 0 where it always does.
    """

    names: tuple[tuple[str, float], ...]
    bit_budget: float
    ace: float
    energy: Joules
    break_even: float


def fair_pair(layers: Sequence[LayerBits], activations: int, multiplied: set[str], own: Joules) -> FairPair:
    """activations: elements between the layers. multiplied: layers whose weights leave -1..1. own: the model's."""
    macs = sum(layer.macs for layer in layers) or 1
    shares: dict[str, float] = {}
    for layer in layers:
        name = f"W{layer.weight_bits:g}A{layer.steps * layer.spike_bits:g}"
        shares[name] = shares.get(name, 0.0) + layer.macs / macs
    ace = float(sum(layer.macs * layer.bit_budget for layer in layers))
    dense = ann_energy(layers, activations, multiplied, 1.0)
    idle = ann_energy(layers, activations, multiplied, 0.0).total
    share = (own.total - idle) / (dense.total - idle) if dense.total > idle else 1.0
    names = tuple(sorted(shares.items(), key=lambda item: -item[1]))
    return FairPair(names, ace / macs, ace, dense, min(1.0, max(0.0, share)))


def ann_energy(layers: Sequence[LayerBits], activations: int, multiplied: set[str], active: float) -> Joules:
    """Energy of the ANN when that share of its activations is not zero; each is written once and read once."""
    adds = active * sum(layer.macs for layer in layers) + activations
    products = active * sum(layer.macs for layer in layers if layer.name in multiplied)
    widest = max((layer.steps * layer.spike_bits for layer in layers[1:]), default=1)
    moved = 2 * activations * widest / BYTE
    weights = active * sum(layer.macs * layer.weight_bits for layer in layers) / BYTE
    return joules(adds, products, Memory(0, 0, 0, moved, weights, 0.0))
