"""Cycles of instructions, each added up by hand from the manuals' tables: (low, typical, high)."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesnn.errors import ToolError
from edgesnn.targets.mcu.cycles import sequence
from edgesnn.targets.mcu.cycles.instruction import Instruction
from edgesnn.targets.mcu.cycles.timings import tables
from tests.targets.mcu.cycles.assembled import assembled

Three = tuple[float, float, float]


def same(cycles: float) -> Three:
    return (cycles, cycles, cycles)


# What the Cortex-M3 and M4 share: DDI 0337I and DDI 0439D, table 3-1 and section 3.3.2.
V7M: dict[str, Three] = {
    "adds r0, r1, r2; mul r3, r0, r0; ubfx r5, r4, #3, #8; clz r0, r1": same(4),
    "udiv r0, r1, r2": (2, 6, 12),
    # the manual's own four examples
    "ldr r0, [r1]; ldr r1, [r2]": same(3),
    "ldr r0, [r1, r2]; str r0, [r3, #20]": same(3),
    "ldr r0, [r1, r2]; str r1, [r3, r2]": same(3),
    "ldr r0, [r1, r5]; ldr r1, [r2]; ldr r2, [r3, #4]": same(4),
    # no overlap: the address is what was loaded, or a base that was written back, or the store came first
    "ldr r0, [r1]; ldr r2, [r0]": same(4),
    "ldr r0, [r1], #4; ldr r2, [r1]": same(4),
    "str r0, [r1, #4]; ldr r2, [r3]": (3, 3, 4),
    # 32 bits in two words might not overlap
    "ldr r0, [r1]; ldr.w r2, [r3, #4]": (3, 3, 4),
    "str r0, [r1, #4]": same(1),
    "strb r0, [r1], #1": same(1),
    "strh r0, [r1, r2]": same(2),
    # the address comes from the instruction before; a comparison gives none
    "adds r1, #4; ldr r0, [r1]": same(1 + 2 + 1),
    "adds r1, #4; str r0, [r1]": same(1 + 1 + 1),
    "adds r1, #4; ldmia r1!, {r2, r3}": same(1 + 3 + 1),
    "cmp r1, #0; ldr r0, [r1]": same(1 + 2),
    "ldr r0, [pc, #8]": (2, 2, 3),
    # 1 + N
    "ldmia r0!, {r1, r2, r3}": same(4),
    "stmia r0!, {r1, r2, r3, r4}": same(5),
    "push {r4, r5, lr}": same(4),
    "ldrd r0, r1, [r2]": same(3),
    "strd r0, r1, [r2, #8]": same(3),
    # an IT instruction folds onto a 16-bit one; what it skips takes one cycle
    "cmp r0, #0; it eq; ldreq r1, [r2]": (1 + 0 + 1, 1 + 0 + 2, 1 + 1 + 2),
    "add.w r0, r1, r2; ite eq; moveq r1, #1; movne r1, #2": same(4),
    "mrs r0, primask": (1, 2, 2),
    "dmb sy": (1, 2, 4),
    "nop": same(1),
}
# (where it jumps, where it does not: None if it always jumps)
Jump = tuple[Three, Three | None]
V7M_JUMPS: dict[str, Jump] = {
    "b here": ((2, 2, 4), None),
    "bl here": ((2, 2, 4), None),
    "subs r0, #1; bne here": ((3, 3, 5), same(2)),
    "bne.w wide": ((2, 3, 4), same(1)),
    "bx lr": ((2, 3, 4), None),
    "blx r3": ((2, 3, 4), None),
    "mov pc, r3": ((2, 3, 4), None),
    "pop {r4, pc}": ((3 + 1, 3 + 3, 3 + 3), None),
    "ldr pc, [r0]": ((2 + 1, 2 + 3, 2 + 3), None),
    "tbb [pc, r0]": ((2 + 1, 3 + 3, 3 + 3), None),
    "it eq; bxeq lr": ((1 + 2, 1 + 3, 1 + 4), same(1 + 1)),
    "it eq; popeq {pc}": ((1 + 2 + 1, 1 + 2 + 3, 1 + 2 + 3), same(1 + 1)),
    "cbz r0, after": ((2, 2, 4), same(1)),
}
M3 = {
    "mla r0, r1, r2, r3; mls r0, r1, r2, r3": same(4),
    "umull r0, r1, r2, r3": (3, 4, 5),
    "smlal r0, r1, r2, r3": (4, 5, 7),
}
M4 = {
    "mla r0, r1, r2, r3; mls r0, r1, r2, r3; umull r0, r1, r2, r3; smlal r0, r1, r2, r3": same(4),
    "smlad r0, r1, r2, r3; smlabb r0, r1, r2, r3; uadd16 r0, r1, r2; pkhbt r0, r1, r2; uxtab16 r0, r1, r2": same(5),
    "smull r0, r1, r2, r3; ldr r4, [r1]": same(1 + 2 + 1),
}
# DDI 0432C, table 3-1
M0 = {
    "adds r0, r1, r2; movs r3, #1; uxtb r0, r1; rev r0, r1; nop": same(5),
    "muls r0, r1, r0": (1, 1, 32),
    "ldr r0, [r1]; ldr r1, [r2]; ldrsh r0, [r1, r2]": same(6),
    "adds r1, #4; ldr r0, [r1]": same(3),
    "str r0, [r1, #4]; strb r0, [r1, r2]": same(4),
    "ldmia r0!, {r1, r2, r3}": same(4),
    "push {r4, lr}": same(3),
    "mrs r0, primask": (1, 4, 4),
    "dmb sy": same(4),
}
M0_JUMPS: dict[str, Jump] = {
    "bne here": (same(3), same(1)),
    "b here": (same(3), None),
    "bl here": (same(4), None),
    "bx lr": (same(3), None),
    "blx r3": (same(3), None),
    "mov pc, r3": (same(3), None),
    "pop {r4, pc}": (same(4 + 2), None),
}
# the table's own interval: pairs, and the timings of the Cortex-M4
M7 = {
    "adds r0, r1, r2": (0.5, 0.75, 1),
    "ldr r0, [r1]; ldr r1, [r2]": (1, 2, 3),
    "adds r1, #4; ldr r0, [r1]": (1, 2.25, 1 + 2 + 1),
    "ldmia r0!, {r1, r2, r3}": (1.5, 2, 4),
    "smlad r0, r1, r2, r3": (0.5, 1, 1),
    "udiv r0, r1, r2": (2, 7, 12),
}
M7_JUMPS: dict[str, Jump] = {
    "bne here": ((0.5, 1.25, 4), (0.5, 0.75, 1)),
    "bl here": ((0.5, 1.5, 4), None),
    "pop {r4, pc}": ((1, 2.5, 3 + 3), None),
}
CORES: dict[str, tuple[dict[str, Three], dict[str, Jump]]] = {
    "cortex-m0": (M0, M0_JUMPS),
    "cortex-m3": (V7M | M3, V7M_JUMPS),
    "cortex-m4": (V7M | M4, V7M_JUMPS),
    "cortex-m7": (M7, M7_JUMPS),
}


@pytest.mark.parametrize("core", CORES)
def test_sequences_take_what_the_manual_says(core: str, tmp_path: Path) -> None:
    expected, _ = CORES[core]
    found, cases = assembled(core, list(expected), tmp_path)
    for (text, cycles), code in zip(expected.items(), cases, strict=True):
        jumping, passing = sequence.cycles(tables()[core], code, found.instructions)
        assert tuple(passing) == cycles, text
        assert tuple(jumping) == cycles, text


@pytest.mark.parametrize("core", CORES)
def test_jumps_refill_the_pipeline(core: str, tmp_path: Path) -> None:
    _, expected = CORES[core]
    found, cases = assembled(core, list(expected), tmp_path)
    for (text, (taken, not_taken)), code in zip(expected.items(), cases, strict=True):
        jumping, passing = sequence.cycles(tables()[core], code, found.instructions)
        assert tuple(jumping) == taken, text
        assert code[-1].may_fall_through == (not_taken is not None), text
        if not_taken is not None:
            assert tuple(passing) == not_taken, text


@pytest.mark.parametrize("core", CORES)
def test_typical_figures_lie_between_the_bounds(core: str) -> None:
    for name, (low, typical, high) in tables()[core].figures.items():
        assert 0 <= low <= typical <= high, name


def test_what_a_core_does_not_have_is_said() -> None:
    divide = Instruction(0x100, 4, "udiv", "r0, r1, r2")
    with pytest.raises(ToolError, match=r"cortex-m0: has no timing for instructions of the kind divide"):
        sequence.cycles(tables()["cortex-m0"], [divide], {})
    vector = Instruction(0x100, 4, "vadd.f32", "s0, s1, s2")
    with pytest.raises(ToolError, match=r"vadd\.f32 at 0x100: is an instruction whose timing is not known"):
        sequence.cycles(tables()["cortex-m4"], [vector], {})
