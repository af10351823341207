"""Leaky and non-leaky integrate-and-fire neurons, with spikes of 1 or graded ones."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.ops import GradedLif, IntegrateFire, Lif
from edgesnn.integer.ops.decay import ONE, decay
from edgesnn.integer.ops.fire import Reset
from edgesnn.targets.mcu.codegen.builder import SIZES, Builder, Tensor, holds
from edgesnn.targets.mcu.codegen.emit.rescaled import RESCALED_BYTES, drive
from edgesnn.targets.mcu.codegen.storage import smallest

LIF_BYTES = 28 + RESCALED_BYTES
GRADED_LIF_BYTES = 24
INT16_MAX = 32767


def emit_lif(b: Builder, op: Lif) -> None:
    _emit(b, op, op.scaled_threshold, op.fraction_bits, _keep(op), op.strict, op.reset)


def emit_integrate_fire(b: Builder, op: IntegrateFire) -> None:
    _emit(b, op, op.threshold, 0, (0, ONE), op.strict, op.reset)


def emit_graded_lif(b: Builder, op: GradedLif) -> None:
    """With one level it is a leaky neuron that subtracts its threshold."""
    if op.levels == 1:
        _emit(b, op, op.threshold, 0, (0, ONE - op.voltage_decay), False, Reset.SUBTRACT)
        return
    a = b.operand(0, ("int16", "int32"))
    spikes = b.output("int8", like=a)
    type_ = state_type(b, op.threshold, op.bias)
    v = b.state("v", type_, spikes.storage)
    fields = [*_parameters(b, op.threshold, op.bias, spikes, type_), ("limit", _limit(op)), *b.extent(a.storage)]
    fields += [("keep_voltage", ONE - op.voltage_decay), ("levels", op.levels)]
    record = b.record("neuron", "esnn_graded_lif", fields, GRADED_LIF_BYTES)
    b.call(f"esnn_graded_lif_i{8 * SIZES[a.type]}_s{8 * SIZES[type_]}", record, a, v, spikes)


def _emit(
    b: Builder,
    op: Lif | IntegrateFire | GradedLif,
    threshold: Array,
    fraction_bits: int,
    keep: tuple[int, int],
    strict: bool,
    reset: Reset,
) -> None:
    family, state_names = _family(keep)
    a, suffix, rescaled = drive(b, ("int16", "int32"))
    spikes = b.output("bits", like=a)
    threshold = threshold + int(strict)
    type_ = state_type(b, threshold, op.bias)
    states = [b.state(name, type_, spikes.storage) for name in state_names]
    fields = [*_parameters(b, threshold, op.bias, spikes, type_), ("limit", _limit(op)), *b.extent(a.storage)]
    fields += [
        ("keep_current", keep[0]),
        ("keep_voltage", keep[1]),
        ("fraction_bits", fraction_bits),
        ("strict", int(strict)),
        ("reset", f"ESNN_RESET_{Reset(reset).name}"),
        *rescaled,
    ]
    record = b.record("neuron", "esnn_lif", fields, LIF_BYTES)
    one_by_one = f"esnn_{family}_{suffix}_s{8 * SIZES[type_]}"
    kernel = one_by_one
    simple = not np.any(op.bias) and not fraction_bits and reset == Reset.ZERO
    if suffix != "i32" and type_ == "int16" and _may_pair(b, op, threshold, fraction_bits, keep, simple):
        kernel = f"esnn_{family}{_kind(keep[1]) if simple else ''}_{suffix}_p16"
        b.behind.add(one_by_one)
    b.call(kernel, record, a, *states, spikes)


def has_rescaled_form(op: Lif) -> bool:
    """Whether there is a kernel for it that rescales its input."""
    return _family(_keep(op))[0] == "lif"


def _keep(op: Lif) -> tuple[int, int]:
    return ONE - op.current_decay, ONE - op.voltage_decay


def _family(keep: tuple[int, int]) -> tuple[str, tuple[str, ...]]:
    """Kernels for what is kept of current and voltage, and their states."""
    if keep[0]:
        return "lif_current", ("u", "v")
    return ("integrate" if keep[1] == ONE else "lif"), ("v",)


def _may_pair(
    b: Builder,
    op: Lif | IntegrateFire | GradedLif,
    threshold: Array,
    fraction_bits: int,
    keep: tuple[int, int],
    simple: bool,
) -> bool:
    """Whether the neurons may be computed two at a time, in 16 bits, as edgesnn/lif.h says."""
    shared = threshold.size == 1 and op.bias.size == 1
    saturates = simple and keep[1] == ONE and _limit(op) == INT16_MAX
    return not keep[0] and shared and (saturates or _stays_within(b, op, fraction_bits, keep[1]))


def _kind(keep: int) -> str:
    """Neurons without bias and fraction that a spike resets to 0: what they keep, in names of kernels for pairs."""
    if keep == ONE:
        return "_simple"
    if keep == ONE // 2:
        return "_half"
    return "_most" if keep > ONE // 2 else ""


def _stays_within(b: Builder, op: Lif | IntegrateFire | GradedLif, fraction_bits: int, keep: int) -> bool:
    """Whether no potential reaches its limit or leaves 16 bits, proven from the ranges of states and input."""
    (v,), a = b.model.ranges[b.node.name].states, b.model.signal(b.node.inputs[0]).range
    charged = [
        decay(np.array(kept), ONE - keep) + (drive << fraction_bits) + op.bias
        for kept, drive in ((v.minimum, a.minimum), (v.maximum, a.maximum))
    ]
    return all(abs(int(potential.max())) < min(_limit(op), INT16_MAX) for potential in charged)


def _parameters(b: Builder, threshold: Array, bias: Array, like: Tensor, type_: str) -> list[tuple[str, object]]:
    fields: list[tuple[str, object]] = []
    for name, value in (("threshold", threshold), ("bias", bias)):
        array, spread = b.parameter(name, value, like.storage, type_)
        fields += [(name, array), (f"{name}_spread", spread)]
    return fields


def _limit(op: Lif | IntegrateFire | GradedLif) -> int:
    return (1 << op.state_bits - 1) - 1


def state_type(b: Builder, *parameters: Array) -> str:
    """One type for all states and parameters of the node: the narrowest that values and proven ranges allow."""
    ranges = b.model.ranges[b.node.name].states
    type_ = smallest(min(r.minimum for r in ranges), max(r.maximum for r in ranges), at_least=16)
    return type_ if holds(type_, *parameters) else "int32"
