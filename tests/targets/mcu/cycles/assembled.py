"""Instructions as the assembler makes them and the disassembler prints them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgesnn.targets.mcu import boards, tools
from edgesnn.targets.mcu.cycles import listing
from edgesnn.targets.mcu.cycles.instruction import Instruction
from edgesnn.targets.mcu.cycles.listing import Listing
from tests.targets.mcu.conftest import TARGET

FACTS = boards.facts_of(TARGET.board("mps2-an386"))


def assembled(core: str, cases: Sequence[str], folder: Path) -> tuple[Listing, list[list[Instruction]]]:
    """The listing of a program with each case (instructions between semicolons) at a word of its own, and the cases.

    `wide` is a 32-bit instruction in two words, `here` the case's first one, `after` one
    behind the last case.
    """
    lines = [".syntax unified", ".text", ".p2align 2", ".global start", "start: nop", "wide: add.w r0, r0, r1", "nop"]
    if core == "cortex-m0":
        lines[5] = "wide: bl start"
    for number, case in enumerate(cases):
        lines += [".p2align 2", f"case_{number}:"]
        lines += [text.strip().replace("here", f"case_{number}") for text in case.split(";")]
    lines += [".p2align 2", "after: nop"]
    (folder / "cases.s").write_text("\n".join(lines) + "\n", encoding="ascii")
    compiler = tools.find(FACTS.compiler.command, FACTS.compiler.install)
    tools.run([compiler, f"-mcpu={core}", "-mthumb", "-mfloat-abi=soft", "-c", "cases.s", "-o", "cases.o"], folder)
    found = listing.read(folder / "cases.o", FACTS)
    counts = [len(case.split(";")) for case in cases]
    code = [found.following(found.function(f"case_{i}"), count) for i, count in enumerate(counts)]
    return found, code
