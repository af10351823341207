"""Neurons that rescale their input on its way in, because the rescale before them was left to them."""

from __future__ import annotations

from edgesnn.targets.mcu.codegen.builder import SIZES, Builder, Tensor
from edgesnn.targets.mcu.codegen.constants import nested

RESCALED_BYTES = 8


def drive(b: Builder, types: tuple[str, ...]) -> tuple[Tensor, str, list[tuple[str, object]]]:
    """What drives the current neurons: the tensor, the suffix of kernels that take it, and what a record says of it."""
    left = b.deferred.get(b.node.inputs[0])
    if left is None:
        a = b.operand(0, types)
        return a, f"i{8 * SIZES[a.type]}", []
    scale = b.array("scale", left.scale, "uint32_t")
    return left.sums, "r16", [("rescaled", nested([("scale", scale), ("shift", left.shift)]))]
