"""Rescale and add: element by element, in place where the operand is not needed any more."""

from __future__ import annotations

from edgesnn.integer.ops import Add, Rescale
from edgesnn.targets.mcu.codegen.builder import SIZES, SUFFIX, Builder
from edgesnn.targets.mcu.codegen.constants import POINTER_BYTES, number

RESCALE_BYTES = 8 * 4 + 2 * POINTER_BYTES


def emit_rescale(b: Builder, op: Rescale) -> None:
    x = b.operand(0, ("int16", "int32"))
    y = b.output(b.output_type(), like=x, in_place=(x,))
    arrays, position_step, channel_step = b.parameters({"multiplier": op.multiplier, "offset": op.offset}, y.storage)
    record = b.record(
        "rescale",
        "esnn_rescale",
        [
            ("positions", y.storage.positions),
            ("channels", y.storage.channels),
            ("multiplier", arrays[0]),
            ("offset", arrays[1]),
            ("position_step", position_step),
            ("channel_step", channel_step),
            ("shift", op.shift),
            ("clips", int(_clips(b, op))),
            ("low", number(op.low)),
            ("high", number(op.high)),
        ],
        RESCALE_BYTES,
    )
    b.call(f"esnn_rescale_{SUFFIX[x.type]}_{SUFFIX[y.type]}", record, x, y)


def _clips(b: Builder, op: Rescale) -> bool:
    """Whether any result may reach the clip limits; if not, the kernel need not look."""
    reached = b.model.signal(b.node.name).range
    return reached.minimum <= op.low or reached.maximum >= op.high


def emit_add(b: Builder, op: Add) -> None:
    """In the widest of the types of the operands and the sum, so that no operand is narrowed."""
    types = [b.tensors[source].type for source in b.node.inputs]
    type_ = max([b.output_type(), *(t for t in types if t != "bits")], key=SIZES.__getitem__)
    orders = {b.tensors[source].storage.memory for source in b.node.inputs}
    x, z = (b.operand(position, (type_,), canonical=len(orders) > 1) for position in (0, 1))
    y = b.output(type_, like=x, in_place=(x, z))
    b.call(f"esnn_add_{SUFFIX[type_]}", x, z, y.storage.size, y)
