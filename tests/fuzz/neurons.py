"""Random neurons that fit the signal in front of them, with thresholds near what it reaches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer import Signal
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import GradedLif, IntegrateFire, Lif, QuantizedLif, TernaryLif
from edgesnn.integer.ops.fire import Reset
from tests.fuzz.arrays import spread
from tests.fuzz.builder import Builder
from tests.fuzz.source import Source

Make = Callable[[Source, Signal], Operator]

TOP = (1 << 23) - 1
INT32 = (1 << 31) - 1
DECAYS = (4096, 0, 2048, 1, 4095, 1024)


def add_neuron(source: Source, builder: Builder, binary: bool = False) -> None:
    """Puts a neuron behind the last node, after a Rescale if its input is too wide for any. binary: gives 0 or 1."""
    others = () if binary else (ternary_lif, graded_lif)
    add(source.choice((integrate_fire, quantized_lif, lif, lif, *others)), source, builder)


def add(make: Make, source: Source, builder: Builder) -> None:
    """Puts a neuron of that kind behind the last node, or a plain one where it does not fit at all."""
    for attempt in range(3):
        try:
            if builder.append(make(source, builder.signal)):
                return
        except ModelError:
            pass
        builder.narrow(-(1 << 10 - 4 * attempt), (1 << 10 - 4 * attempt) - 1)
    builder.add(IntegrateFire(threshold=2, state_bits=8), builder.last)


def decay(source: Source) -> int:
    return source.choice((*DECAYS, source.integer(0, 4096)))


def reach(signal: Signal) -> int:
    """A typical magnitude of the input of one step."""
    return max(1, signal.range.maximum, -signal.range.minimum)


def threshold(source: Source, signal: Signal, limit: int) -> np.ndarray:
    scale = reach(signal)
    high = source.choice((scale // 2, scale // 8, 1, 0, scale, 3 * scale))
    low = source.choice((high, high // 2, 0))
    return spread(source, signal.shape, min(low, limit), min(high, limit))


def bias(source: Source, signal: Signal, limit: int) -> np.ndarray | int:
    scale = min(limit, source.choice((0, reach(signal) // 4, reach(signal))))
    return spread(source, signal.shape, -scale, scale)


def lif(source: Source, signal: Signal) -> Operator:
    current_decay = decay(source)
    room = TOP // (reach(signal) * (1 if current_decay == 4096 else 8))
    most = max(0, min(16, room.bit_length() - 1))
    fraction_bits = min(most, source.choice((6, 0, source.integer(0, 16))))
    return Lif(
        threshold=threshold(source, signal, TOP >> fraction_bits),
        bias=bias(source, signal, TOP >> fraction_bits) * (1 << fraction_bits),
        current_decay=current_decay,
        voltage_decay=decay(source),
        fraction_bits=fraction_bits,
        strict=source.chance(50),
        reset=source.choice(tuple(Reset)),
        state_bits=source.choice((24, 16, 8, source.integer(2, 24))),
    )


def integrate_fire(source: Source, signal: Signal) -> Operator:
    return IntegrateFire(
        threshold=threshold(source, signal, TOP),
        bias=bias(source, signal, TOP),
        strict=source.chance(50),
        reset=source.choice(tuple(Reset)),
        state_bits=source.choice((16, 24, 8, source.integer(2, 24))),
    )


def quantized_lif(source: Source, signal: Signal) -> Operator:
    state_bits = source.choice((8, 4, 2))
    levels = (1 << (state_bits - 1)) - 1
    scale = min(reach(signal), (1 << 15) - 1)
    rng = source.rng()
    leak = np.sort(rng.integers(-scale, scale, 2 * levels + 1, endpoint=True))
    size = source.choice((1, 7, 64, 300))
    codes = rng.integers(-levels, levels, size, endpoint=True)
    return QuantizedLif(
        leak_table=leak if source.chance(70) else leak[::-1],
        code_table=np.sort(codes) if source.chance(70) else codes,
        code_low=source.choice((-size // 2, 0, -min(scale, TOP), 5)),
        threshold=threshold(source, signal, TOP),
        state_bits=state_bits,
        strict=source.chance(50),
    )


def ternary_lif(source: Source, signal: Signal) -> Operator:
    """Multipliers of either sign; thresholds near a step's drive or near the largest code, whichever is chosen."""
    fraction_bits = source.choice((4, 0, 1, source.integer(0, 15)))
    state_bits = source.choice((8, 4, 2))
    most = source.choice((1, 9, (1 << 15) - 1))
    gain = max(1, min(most, (INT32 - (1 << 24)) // reach(signal)))
    scale = source.choice((gain * reach(signal), 1 << (fraction_bits + state_bits - 1)))
    high = max(1, min(TOP, scale // source.choice((2, 8, 1))))
    return TernaryLif(
        multiplier=spread(source, signal.shape, source.choice((1, -gain)), gain),
        threshold=spread(source, signal.shape, source.choice((high, 1)), high),
        leak_shift=source.choice((2, 1, 0, source.integer(0, 15))),
        fraction_bits=fraction_bits,
        state_bits=state_bits,
        reset=source.choice((Reset.ZERO, Reset.SUBTRACT, Reset.NONE)),
    )


def graded_lif(source: Source, signal: Signal) -> Operator:
    return GradedLif(
        threshold=np.maximum(threshold(source, signal, TOP), 1),
        levels=source.choice((3, 1, 15, source.integer(1, 15))),
        bias=bias(source, signal, TOP),
        voltage_decay=decay(source),
        state_bits=source.choice((16, 24, 8, source.integer(2, 24))),
    )
