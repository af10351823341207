"""The 12-bit decay of Loihi, the one rounding rule of every leaky state."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.operator import Operator
from edgesnn.integer.signal import Array

ONE = 4096
"""A decay of ONE forgets everything; a decay of 0 forgets nothing."""


def decay(x: Array, amount: int) -> Array:
    """sgn(x) * ((|x| * (4096 - amount)) >> 12): rounds toward zero.

    >>> decay(np.array([8192, -8192, 1, -1]), 2048)
    array([ 4096, -4096,     0,     0])
    """
    kept: Array = np.sign(x) * ((np.abs(x) * (ONE - amount)) >> 12)
    return kept


def check_decay(op: Operator, name: str, amount: int) -> None:
    if not 0 <= amount <= ONE:
        raise op.fail(f"{name} {amount} is outside 0..{ONE}", "0 keeps everything, 4096 keeps nothing")
