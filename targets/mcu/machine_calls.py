"""The call graph of a linked Arm program, from its machine code, with the frames of clang's -fstack-size-section.

Every function is disassembled. A branch that leaves its function is a call: one that leaves for good has given its
frame back, so taking it for a call is on the safe side. A branch to an address that a register holds, which is no
return, is an indirect call.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgesnn.errors import FileError
from edgesnn.targets.mcu import needs
from edgesnn.targets.mcu.callgraph import INDIRECT, CallGraph, unknown

FLAG = "-fstack-size-section"
THUMB_BIT = 1
CODE, DATA = "$t", "$d"  # mapping symbols: ELF for the Arm Architecture (IHI 0044), section 5.5.5
ADDRESS = struct.Struct("<I")


@dataclass(frozen=True)
class Function:
    """code: (address, machine code) of its parts, tables between them left out."""

    name: str
    start: int
    end: int
    code: tuple[tuple[int, bytes], ...]


def read(program: Path) -> CallGraph:
    """Raises ToolError where capstone is not installed or a function's code cannot be read, FileError for another file.

    A function whose frame was not noted, as one of variable size is not, is left out of the frames.
    """
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    needs.package("capstone")
    try:
        with program.open("rb") as file:
            elf = ELFFile(file)
            functions = _functions(elf)
            noted = _frames(_section(elf, ".stack_sizes").data())
    except (OSError, ELFError, KeyError) as error:
        problem = f"is no program whose calls can be read ({error})"
        raise FileError(str(program), problem, "Build the model again") from error
    names = {address: function.name for function in functions for address in range(function.start, function.end, 2)}
    frames = {names[address]: size for address, size in noted.items()}
    return CallGraph(frames, {function.name: set(_callees(function, names)) for function in functions})


def _section(elf: Any, name: str) -> Any:
    section = elf.get_section_by_name(name)
    if section is None:
        raise KeyError(name)
    return section


def _functions(elf: Any) -> list[Function]:
    """By address; of two names for one function the global one, and a local name with its address, so that it is the
    only one."""
    symbols = list(_section(elf, ".symtab").iter_symbols())
    marks = sorted((symbol["st_value"], symbol.name[:2]) for symbol in symbols if symbol.name[:2] in (CODE, DATA))
    found: dict[int, Function] = {}
    for symbol in sorted(symbols, key=lambda symbol: symbol["st_info"]["bind"] != "STB_LOCAL"):
        if symbol["st_info"]["type"] != "STT_FUNC" or symbol["st_size"] == 0:
            continue
        start = symbol["st_value"] & ~THUMB_BIT
        end = start + symbol["st_size"]
        is_local = symbol["st_info"]["bind"] == "STB_LOCAL"
        name = f"{symbol.name}@{start:#x}" if is_local else symbol.name
        section = elf.get_section(symbol["st_shndx"])
        content, origin = section.data(), section["sh_addr"]
        parts = tuple((a, content[a - origin : b - origin]) for a, b in _code(start, end, marks))
        found[start] = Function(name, start, end, parts)
    return [found[start] for start in sorted(found)]


def _code(start: int, end: int, marks: list[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """What of a function is code: it starts with code, and each mark says what follows it."""
    begin: int | None = start
    for address, kind in marks:
        if not start < address < end:
            continue
        if kind == DATA and begin is not None:
            yield begin, address
            begin = None
        elif kind == CODE and begin is None:
            begin = address
    if begin is not None:
        yield begin, end


def _frames(noted: bytes) -> dict[int, int]:
    """Bytes by address: each entry is an address and a number as ULEB128."""
    frames, at = {}, 0
    while at < len(noted):
        (address,) = ADDRESS.unpack_from(noted, at)
        at += ADDRESS.size
        size, shift, more = 0, 0, True
        while more:
            size |= (noted[at] & 0x7F) << shift
            more, shift, at = noted[at] >= 0x80, shift + 7, at + 1
        frames[address & ~THUMB_BIT] = size
    return frames


def _callees(function: Function, names: dict[int, str]) -> Iterator[str]:
    import capstone

    decoder = capstone.Cs(capstone.CS_ARCH_ARM, capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS)
    decoder.detail = True
    for address, code in function.code:
        end = address
        for instruction in decoder.disasm(code, address):
            end += instruction.size
            yield from _callee(instruction, function, names)
        if end != address + len(code):
            raise unknown(function.name, f"has machine code at {end:#x} that is not understood")


def _callee(instruction: Any, function: Function, names: dict[int, str]) -> Iterator[str]:
    """The function that an instruction goes to, unless it stays in its own or returns."""
    from capstone import CS_GRP_BRANCH_RELATIVE, arm

    _, written = instruction.regs_access()
    if instruction.group(CS_GRP_BRANCH_RELATIVE):
        target = instruction.operands[-1].imm
        if instruction.id == arm.ARM_INS_BL or not function.start <= target < function.end:
            yield names.get(target, f"{target:#x}")
    elif instruction.id == arm.ARM_INS_BLX or (arm.ARM_REG_PC in written and not _returns(instruction)):
        yield INDIRECT


def _returns(instruction: Any) -> bool:
    """Whether it takes its return address from the link register or the stack, or jumps by a table of its function."""
    from capstone import arm

    if instruction.id == arm.ARM_INS_BX:
        return bool(instruction.operands[0].reg == arm.ARM_REG_LR)
    return instruction.id in (arm.ARM_INS_POP, arm.ARM_INS_TBB, arm.ARM_INS_TBH)
