"""Rescale and add: element by element, in place where the operand is not needed any more."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array
from edgesnn.integer.ops import Add, Rescale, StepRescale
from edgesnn.integer.signal import INT32_MAX
from edgesnn.targets.mcu.codegen.builder import SIZES, SUFFIX, Builder, holds, spread_of
from edgesnn.targets.mcu.codegen.constants import number
from edgesnn.targets.mcu.codegen.emit.defer import clips, deferred
from edgesnn.targets.mcu.codegen.storage import PLANES

RESCALE_BYTES = 24
PARAMETER_TYPES = {"p16": ("int16", "int16"), "m16": ("int16", "int32"), "p32": ("int32", "int32")}
"""Suffixes of the kernels and what they say of multipliers and offsets, narrowest first."""


def emit_rescale(b: Builder, op: Rescale) -> None:
    left = deferred(b, op)
    if left is not None:
        b.defer(left)
        return
    _emit(b, [op.multiplier], op.offset, op.shift, (op.low, op.high), "0")


def emit_step_rescale(b: Builder, op: StepRescale) -> None:
    """Rescale with the multipliers of the present step, which lie one step behind the other."""
    steps = b.state("t", "int16")
    _emit(b, list(op.multiplier), op.offset, op.shift, (-INT32_MAX, INT32_MAX), f"{steps.pointer}[0]")
    b.call("esnn_advance", steps, len(op.multiplier) - 1)


def _emit(b: Builder, multipliers: list[Array], offset: Array, shift: int, limits: tuple[int, int], step: str) -> None:
    x = b.operand(0, ("int16", "int32"))
    y = b.output(b.output_type(), like=x, in_place=(x,))
    rows, spread = spread_of([*multipliers, offset], y.storage)
    multiplier, offset = np.concatenate(rows[:-1]), rows[-1]
    suffix = next(name for name, (m, o) in PARAMETER_TYPES.items() if holds(m, multiplier) and holds(o, offset))
    types = PARAMETER_TYPES[suffix]
    record = b.record(
        "rescale",
        "esnn_rescale",
        [
            ("multiplier", b.array("multiplier", multiplier, f"{types[0]}_t")),
            ("offset", b.array("offset", offset, f"{types[1]}_t")),
            ("low", number(limits[0])),
            ("high", number(limits[1])),
            *b.extent(y.storage),
            ("spread", spread),
            ("shift", shift),
            ("clips", int(clips(b, *limits))),
        ],
        RESCALE_BYTES,
    )
    first = step if step == "0" or len(rows[0]) == 1 else f"{step} * {len(rows[0])}"
    b.call(f"esnn_rescale_{SUFFIX[x.type]}_{SUFFIX[y.type]}_{suffix}", record, first, x, y)


def emit_add(b: Builder, op: Add) -> None:
    """In the widest of the types of the operands and the sum, so that no operand is narrowed."""
    types = [b.tensors[source].type for source in b.node.inputs]
    type_ = max([b.output_type(), *(t for t in types if t not in PLANES)], key=SIZES.__getitem__)
    orders = {b.tensors[source].storage.memory for source in b.node.inputs}
    x, z = (b.operand(position, (type_,), canonical=len(orders) > 1) for position in (0, 1))
    y = b.output(type_, like=x, in_place=(x, z))
    b.call(f"esnn_add_{SUFFIX[type_]}", x, z, y.storage.size, y)
