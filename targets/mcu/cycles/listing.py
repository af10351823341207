"""The instructions and functions of a program, from the disassembler that comes with the board's compiler."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from edgesnn.errors import ToolError
from edgesnn.targets.mcu import tools
from edgesnn.targets.mcu.cycles.instruction import Instruction
from edgesnn.targets.mcu.facts import BoardFacts

FUNCTION = re.compile(r"^([0-9a-f]+) <(.+)>:$")
LINE = re.compile(r"^\s*([0-9a-f]+):\t([0-9a-f]{4}(?: [0-9a-f]{4})?)\s*\t([a-z][a-z0-9.]*)(?:\t([^\t@;]*))?")
IF_THEN = re.compile(r"^it[te]{0,3}$")
HALF_WORD = 2


@dataclass(frozen=True)
class Listing:
    """Instructions by address, and the addresses of functions by name."""

    instructions: Mapping[int, Instruction]
    functions: Mapping[str, int]

    def function(self, name: str) -> int:
        """Raises ToolError where the program has no such function."""
        if name not in self.functions:
            raise ToolError(name, "is no function of the program", "Build the model again")
        return self.functions[name]

    def following(self, address: int, count: int) -> list[Instruction]:
        """So many instructions from an address on. Raises ToolError where there is something else."""
        found, at = [], address
        for _ in range(count):
            if at not in self.instructions:
                raise ToolError(f"{at:#x}", "was executed and is no instruction of the program", "Build it again")
            found.append(self.instructions[at])
            at += found[-1].size
        return found


def read(program: Path, facts: BoardFacts) -> Listing:
    """The listing of an ELF file. Raises ToolError where the disassembler is missing or fails."""
    compiler = tools.find(facts.compiler.command, facts.compiler.install)
    named = tools.run([compiler, "-print-prog-name=objdump"], program.parent).strip()
    disassembler = tools.find(named, facts.compiler.install)
    return parse(tools.run([disassembler, "--disassemble", "--wide", str(program)], program.parent).splitlines())


def parse(lines: Iterable[str]) -> Listing:
    """The listing that objdump printed."""
    instructions: dict[int, Instruction] = {}
    functions: dict[str, int] = {}
    conditional = 0
    for line in lines:
        if heading := FUNCTION.match(line):
            functions[heading[2]] = int(heading[1], 16)
        elif found := LINE.match(line):
            address, size = int(found[1], 16), HALF_WORD * len(found[2].split())
            operands = (found[4] or "").strip()
            instructions[address] = Instruction(address, size, found[3], operands, conditional > 0)
            conditional = len(found[3]) - 1 if IF_THEN.match(found[3]) else max(conditional - 1, 0)
    return Listing(instructions, functions)
