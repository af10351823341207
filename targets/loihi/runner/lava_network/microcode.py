"""Neurons outside Loihi's stock set, in integers. On a real Loihi 2 each of these is a neuron program.

Every function maps (accumulator, states) to (output, states) of one time step; arrays are int64, one entry a neuron.
Products are shifted right with the sign kept apart, so that decays round toward zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray
Step = Callable[[Array, dict[str, Array], dict[str, Any]], Array]

RESET_ZERO, RESET_SUBTRACT = 1, 2


def lif(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    state["u"] = decayed(state["u"], p["current_decay"]) + (a << p["fraction_bits"])
    v = decayed(state["v"], p["voltage_decay"]) + state["u"] + p["bias"]
    return fire(v, p["threshold"] << p["fraction_bits"], state, p)


def integrate_fire(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    return fire(state["v"] + a + p["bias"], p["threshold"], state, p)


def fire(v: Array, threshold: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    top = 2 ** (p["state_bits"] - 1) - 1
    v = np.minimum(np.maximum(v, -top), top)
    spiked = crosses(v, threshold, p["strict"])
    if p["reset"] == RESET_ZERO:
        v = v * ~spiked
    elif p["reset"] == RESET_SUBTRACT:
        v = v - threshold * spiked
    state["v"] = v
    return spiked.astype(np.int64)


def quantized_lif(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    middle, codes = len(p["leak_table"]) // 2, p["code_table"]
    v = a + p["leak_table"][state["v"] + middle]
    spiked = crosses(v, p["threshold"], p["strict"])
    place = np.minimum(np.maximum(v - p["code_low"], 0), len(codes) - 1)
    state["v"] = codes[place] * ~spiked
    return spiked.astype(np.int64)


def ternary_lif(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    fine = state["v"] << p["fraction_bits"]
    lost = toward_zero(fine, p["leak_shift"]) if p["leak_shift"] else 0
    v = fine - lost + a * p["multiplier"]
    spiked = np.where(np.abs(v) < p["threshold"], 0, np.sign(v))
    if p["reset"] == RESET_ZERO:
        v = v * (spiked == 0)
    elif p["reset"] == RESET_SUBTRACT:
        v = v - spiked * p["threshold"]
    top, half = 2 ** (p["state_bits"] - 1) - 1, 2 ** p["fraction_bits"] // 2
    state["v"] = np.minimum(np.maximum(toward_zero(v + half * np.sign(v), p["fraction_bits"]), -top), top)
    return spiked


def graded_lif(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    top = 2 ** (p["state_bits"] - 1) - 1
    v = np.minimum(np.maximum(decayed(state["v"], p["voltage_decay"]) + a + p["bias"], -top), top)
    fits = np.minimum(np.maximum(v, 0) // p["threshold"], p["levels"])
    state["v"] = v - fits * p["threshold"]
    return fits


def rel_psp(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    potential = np.minimum(state["v"] + state["slope"], p["threshold"])
    there = potential == p["threshold"]
    spiked = there & (state["v"] < p["threshold"])
    state["slope"] = state["slope"] + a * ~there
    state["v"] = potential
    return spiked.astype(np.int64)


def rescale(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    scaled = (a * p["multiplier"] + p["offset"]) >> p["shift"]
    return np.minimum(np.maximum(scaled, p["low"]), p["high"])


def step_rescale(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    last = len(p["multiplier"]) - 1
    now = min(int(state["t"][0]), last)
    state["t"] = np.minimum(state["t"] + 1, last)
    return (a * p["multiplier"][now][p["place"]] + p["offset"]) >> p["shift"]


def membrane(a: Array, state: dict[str, Array], p: dict[str, Any]) -> Array:
    state["v"] = decayed(state["v"], p["voltage_decay"]) + (a << p["fraction_bits"]) + p["bias"]
    return state["v"]


def crosses(v: Array, threshold: Array, strict: bool) -> Array:
    return np.greater(v, threshold) if strict else np.greater_equal(v, threshold)


def decayed(x: Array, amount: int) -> Array:
    return toward_zero(x * (4096 - amount), 12)


def toward_zero(x: Array, bits: int) -> Array:
    return np.where(x < 0, -(-x >> bits), x >> bits)


STEPS: dict[str, Step] = {
    "Lif": lif,
    "IntegrateFire": integrate_fire,
    "QuantizedLif": quantized_lif,
    "TernaryLif": ternary_lif,
    "GradedLif": graded_lif,
    "RelPsp": rel_psp,
    "Rescale": rescale,
    "StepRescale": step_rescale,
    "Membrane": membrane,
}
STATES = {
    "Lif": ("u", "v"), "IntegrateFire": ("v",), "QuantizedLif": ("v",), "TernaryLif": ("v",), "GradedLif": ("v",),
    "RelPsp": ("slope", "v"), "Rescale": (), "StepRescale": ("t",), "Membrane": ("v",),
}  # fmt: skip
SHARED = ("t",)
"""States of which a layer has one for all its neurons."""
