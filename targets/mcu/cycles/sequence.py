"""Cycles of instructions one after the other, by the timings of a core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from edgesnn.targets.mcu.cycles import kinds
from edgesnn.targets.mcu.cycles.instruction import WIDE, Instruction
from edgesnn.targets.mcu.cycles.timings import Bounds, Timings

LOW, TYPICAL, HIGH = range(3)


def cycles(timings: Timings, code: Sequence[Instruction], targets: Mapping[int, Instruction]) -> tuple[Bounds, Bounds]:
    """Cycles of a sequence that only its last instruction can leave: (where that jumps, where it does not).

    targets: instructions by address, for those that are jumped to. Nothing is known of what ran before.
    """
    found, last = np.zeros(3), None
    for this in code:
        before = found
        found, last = found + of_one(timings, this, last), this
    assert last is not None
    if not last.jumps:
        return found, found
    jumping = found + refill(timings, last, None if last.target is None else targets.get(last.target))
    if last.conditional:  # under an IT instruction: skipped, so that it does not even load
        return jumping, before + timings.of(kinds.DATA)
    return jumping, found


def of_one(timings: Timings, this: Instruction, last: Instruction | None) -> Bounds:
    """Cycles of an instruction after another one of the same sequence, if there is one; of a jump, where it does not.

    Under an IT instruction the low bound is that of being skipped.
    """
    alone = _alone(timings, this, last)
    found = alone + _waits(timings, this, last) - _overlap(timings, this, last)
    if this.conditional and not this.jumps:
        found[LOW] = min(found[LOW], timings.of(kinds.DATA)[LOW])
    return found


def refill(timings: Timings, jump: Instruction, target: Instruction | None) -> Bounds:
    """What a jump that is taken adds."""
    if jump.kind in (kinds.LOAD, kinds.TRANSFER, kinds.TABLE_BRANCH):
        return timings.of("refill_load")
    found = timings.of("refill" if jump.name in kinds.DIRECT else "refill_register")
    if target is not None and target.is_misaligned:
        later: Bounds = np.minimum(found + timings.of("misaligned_target"), found[HIGH])
        return later
    return found


def _alone(timings: Timings, this: Instruction, last: Instruction | None) -> Bounds:
    if this.kind == kinds.TRANSFER:
        return timings.of(kinds.TRANSFER) + len(this.listed) * timings.of("transfer_register")
    if this.kind == kinds.STORE and this.has_index:
        return timings.of("store_indexed")
    if this.kind == kinds.IF_THEN and last is not None and last.size < WIDE:
        return timings.of("folded")
    return timings.of(this.kind)


def _waits(timings: Timings, this: Instruction, last: Instruction | None) -> Bounds:
    """What an access waits for."""
    found = np.zeros(3)
    if this.is_literal:
        found += timings.of("literal")
    if last is not None and last.computes and last.results & this.address_registers:
        found += timings.of("address_wait")
    if last is not None and last.kind == kinds.STORE and this.kind == kinds.LOAD:
        found += timings.of("after_store")
    return found


def _overlap(timings: Timings, this: Instruction, last: Instruction | None) -> Bounds:
    """What a single load or store saves after a load; nothing is certain where its 32 bits lie in two words."""
    immediate = this.kind == kinds.STORE and not this.has_index  # whose own data phase overlaps already
    if last is None or last.kind != kinds.LOAD or not this.is_access or immediate or this.jumps:
        return np.zeros(3)
    if last.results & this.address_registers:
        return np.zeros(3)
    saved = timings.of("overlap").copy()
    if this.is_misaligned:
        saved[HIGH] = 0
    return saved
