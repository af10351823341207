"""Which layers Loihi's own neuron computes exactly, and with which registers. Every other one needs microcode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer import Array, Interval, Model
from edgesnn.integer.ops import GradedLif, IntegrateFire, Lif, MaxPool, Membrane, RelPsp, TernaryLif
from edgesnn.integer.ops.decay import ONE, decay
from edgesnn.integer.ops.fire import Reset
from edgesnn.targets.loihi.grid import bias_registers
from edgesnn.targets.loihi.layers import Layer

FRACTION_BITS = 6
"""Synaptic input enters u and v shifted left by this."""
STATE_LIMIT = (1 << 23) - 1
THRESHOLD_MAX = (1 << 17) - 1
DECAY_MAX = 4095
FORGETS = 1 << 12
"""Below this, a decay register of 4095 already leaves nothing."""


@dataclass(frozen=True, eq=False)
class StockLif:
    """Registers of a group of Loihi LIF neurons. Their u and v are those of the operator shifted left by `shift`."""

    du: int
    dv: int
    vth: int
    bias_mant: Array
    bias_exp: Array
    shift: int
    has_current: bool = False
    emits_membrane: bool = False


@dataclass(frozen=True, eq=False)
class _Rule:
    """What Lif, IntegrateFire and Membrane have in common. threshold None: never fires."""

    threshold: Array | None
    bias: Array
    current_decay: int
    voltage_decay: int
    fraction_bits: int
    strict: bool
    reset: Reset
    limit: int


def stock_lif(model: Model, layer: Layer) -> StockLif | str:
    """The registers that make a stock neuron compute this layer exactly, or why there are none."""
    op = layer.node.op
    if isinstance(op, MaxPool):
        size = model.signal(layer.node.name).size
        none = np.zeros(size, np.int64)
        return StockLif(du=DECAY_MAX, dv=DECAY_MAX, vth=0, bias_mant=none, bias_exp=none, shift=0)
    if isinstance(op, TernaryLif):
        return (
            f"its state is a code of {op.state_bits} bits and it fires at its threshold; "
            "Lava's TernaryLIF keeps 24 bits and fires beyond it"
        )
    if isinstance(op, GradedLif):
        return f"its spikes carry up to {op.levels} and leave a rest of the potential; Loihi's carry 1 and leave zero"
    if isinstance(op, RelPsp):
        return (
            "its slope, a current, does not decay (Loihi's decays by at least 1/4096 a step), "
            "and it fires once (Loihi's fires again)"
        )
    rule = _rule(op)
    if rule is None:
        return f"{op.kind} is not Loihi's leaky integrate-and-fire neuron"
    if layer.fused:
        return f"its input is rescaled ({layer.fused[-1].name})"
    return _registers(model, layer, rule)


def _rule(op: object) -> _Rule | None:
    if isinstance(op, Lif):
        return _Rule(
            op.threshold, op.bias, op.current_decay, op.voltage_decay, op.fraction_bits, op.strict, op.reset,
            (1 << op.state_bits - 1) - 1,
        )  # fmt: skip
    if isinstance(op, IntegrateFire):
        limit = (1 << op.state_bits - 1) - 1
        return _Rule(op.threshold, op.bias, ONE, 0, 0, op.strict, op.reset, limit)
    if isinstance(op, Membrane):
        return _Rule(None, op.bias, ONE, op.voltage_decay, op.fraction_bits, True, Reset.ZERO, (1 << 31) - 1)
    return None


def _registers(model: Model, layer: Layer, rule: _Rule) -> StockLif | str:
    shift = FRACTION_BITS - rule.fraction_bits
    has_current = rule.current_decay < ONE
    if shift < 0 or (shift and not _scalable(rule)):
        return f"{rule.fraction_bits} fraction bits with a decay, not {FRACTION_BITS}"
    if rule.reset is not Reset.ZERO:
        return f"a spike does not reset it to zero but: {rule.reset.name.lower()}"
    if rule.current_decay == 0:
        return "its current does not decay (current_decay 0; Loihi's decays by at least 1/4096)"
    if has_current and layer.drive.offset.any():
        return "its synapses have a bias that its current would accumulate"
    charged = _charged(model, layer, rule)
    if isinstance(charged, str):
        return charged
    dv = _voltage_register(rule, charged, shift)
    vth = _threshold_register(rule, charged, shift)
    bias = _bias(model, layer, rule) << shift
    registers = bias_registers(bias)
    if isinstance(dv, str):
        return dv
    if isinstance(vth, str):
        return vth
    if registers is None:
        return f"a bias (up to {np.abs(bias).max()}) is no 13-bit mantissa with an exponent of 0 to 7"
    return StockLif(
        rule.current_decay - 1, dv, vth, *registers, shift, has_current, emits_membrane=rule.threshold is None
    )


def _scalable(rule: _Rule) -> bool:
    """Whether every state may be kept as a multiple: nothing is rounded."""
    return rule.current_decay == ONE and rule.voltage_decay in (0, ONE)


def _bias(model: Model, layer: Layer, rule: _Rule) -> Array:
    """Bias of each neuron in units of v, with that of its synapses."""
    shape = model.signal(layer.node.name).shape
    return np.broadcast_to(rule.bias, shape).reshape(-1) + (layer.drive.offset << rule.fraction_bits)


def _charged(model: Model, layer: Layer, rule: _Rule) -> Interval | str:
    """Proven bounds of v before saturation and reset, or why Loihi's u or v would not hold theirs."""
    drive = model.inputs_of(layer.node)[0].range
    states = model.ranges[layer.node.name].states
    shift = FRACTION_BITS - rule.fraction_bits
    synaptic = Interval(
        (drive.low.reshape(-1) - layer.drive.offset) << rule.fraction_bits,
        (drive.high.reshape(-1) - layer.drive.offset) << rule.fraction_bits,
    )
    if rule.current_decay < ONE:
        synaptic = Interval(states[0].low.reshape(-1), states[0].high.reshape(-1))
    if _worst(synaptic) << shift > STATE_LIMIT:
        return f"its synaptic current may reach {_worst(synaptic) << shift}, where Loihi's wraps ({STATE_LIMIT})"
    bias = _bias(model, layer, rule)
    low = decay(states[-1].low.reshape(-1), rule.voltage_decay) + synaptic.low + bias
    high = decay(states[-1].high.reshape(-1), rule.voltage_decay) + synaptic.high + bias
    charged = Interval(low, high)
    same_saturation = shift == 0 and rule.limit == STATE_LIMIT
    if not same_saturation and (_worst(charged) > rule.limit or _worst(charged) << shift > STATE_LIMIT):
        return f"its membrane may reach {_worst(charged)} and saturate at another value than Loihi's"
    return charged


def _worst(interval: Interval) -> int:
    return max(abs(interval.minimum), abs(interval.maximum))


def _voltage_register(rule: _Rule, charged: Interval, shift: int) -> int | str:
    if rule.voltage_decay <= DECAY_MAX:
        return rule.voltage_decay
    if _worst(charged) << shift < FORGETS:
        return DECAY_MAX
    return "its membrane forgets at once (voltage_decay 4096; Loihi's register ends at 4095)"


def _threshold_register(rule: _Rule, charged: Interval, shift: int) -> int | str:
    if rule.threshold is None:
        if charged.maximum << shift > THRESHOLD_MAX << FRACTION_BITS:
            return f"its membrane may reach {charged.maximum} and fire at Loihi's largest threshold"
        return THRESHOLD_MAX
    if np.unique(rule.threshold).size > 1:
        return "its neurons have different thresholds"
    threshold = int(np.max(rule.threshold))
    if not rule.strict:
        whole = (_grain(rule) << shift) % (1 << FRACTION_BITS) == 0 and _worst(charged) <= rule.limit
        if threshold < 1 or not whole:
            return "it fires at its threshold, Loihi's above it"
        threshold -= 1
    return threshold if threshold <= THRESHOLD_MAX else f"its threshold {threshold} is beyond {THRESHOLD_MAX}"


def _grain(rule: _Rule) -> int:
    """A number that divides every membrane potential this neuron can have, unless it saturates."""
    if rule.current_decay != ONE or rule.voltage_decay not in (0, ONE):
        return 1
    return int(np.gcd.reduce(np.append(np.abs(rule.bias).reshape(-1), 1 << rule.fraction_bits)))
