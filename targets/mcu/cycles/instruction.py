"""One instruction as a disassembler prints it, and what its timing depends on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from edgesnn.errors import ToolError
from edgesnn.targets.mcu.cycles import kinds

REGISTER = re.compile(r"\b(?:r\d+|sl|fp|ip|sp|lr|pc)\b")
BRACKETS = re.compile(r"\[([^\]]*)\](.*)")
LIST = re.compile(r"\{([^}]*)\}")
TARGET = re.compile(r"(?:^|,\s*)([0-9a-f]+)\s*(?:<|$)")
WIDE = 4


@dataclass(frozen=True)
class Instruction:
    """Address and size in bytes; text as objdump prints it (ra, rb, [rc, #4]!), in unified syntax.

    conditional: whether it stands in the block of an IT instruction.
    """

    address: int
    size: int
    mnemonic: str
    operands: str
    conditional: bool = False

    @cached_property
    def name(self) -> str:
        """The mnemonic without its width, and without its condition."""
        name = self.mnemonic.partition(".")[0]
        branch = len(name) == 3 and name[0] == "b" and name[1:] in kinds.CONDITIONS
        return name[:-2] if self.conditional or branch else name

    @cached_property
    def kind(self) -> str:
        """Raises ToolError where it is of no kind that is known."""
        kind = kinds.kind_of(self.name)
        if kind is None:
            raise ToolError(
                f"{self.mnemonic} at {self.address:#x}",
                "is an instruction whose timing is not known here",
                "Compile for a core without vectors, with -mfloat-abi=soft",
            )
        return kind

    @cached_property
    def address_registers(self) -> frozenset[str]:
        """What the address of a load or store is computed from."""
        if self.name in kinds.STACK:
            return frozenset(("sp",))
        if self.name in kinds.LOADS_OF_MANY | kinds.STORES_OF_MANY:
            return frozenset(REGISTER.findall(self.operands)[:1])
        inside = BRACKETS.search(self.operands)
        return frozenset(REGISTER.findall(inside[1])) if inside else frozenset()

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The registers that a transfer of several loads or stores."""
        if self.name in kinds.DOUBLES:
            return tuple(REGISTER.findall(self.operands)[:2])
        inside = LIST.search(self.operands)
        return tuple(REGISTER.findall(inside[1])) if inside else ()

    @cached_property
    def results(self) -> frozenset[str]:
        """Registers that it writes, a base that is written back among them."""
        named = REGISTER.findall(self.operands)
        found = self._written_back
        if self.kind == kinds.LOAD:
            found |= frozenset(named[:1])
        elif self.kind == kinds.TRANSFER:
            found |= frozenset(self.listed) if self.name in kinds.LOADS_OF_MANY | {"ldrd"} else frozenset()
        elif self.computes and self.name not in kinds.COMPARES:
            found |= frozenset(named[: 2 if self._is_long else 1])
        return found

    @property
    def computes(self) -> bool:
        """Whether it is data processing, multiplications included."""
        return self.kind == kinds.DATA or self.kind == kinds.DIVIDE or self.kind.startswith(kinds.MULTIPLY)

    @property
    def is_access(self) -> bool:
        """Whether it loads or stores one register."""
        return self.kind in (kinds.LOAD, kinds.STORE)

    @property
    def is_literal(self) -> bool:
        """Whether it loads a constant that stands in the code."""
        return self.kind == kinds.LOAD and "pc" in self.address_registers

    @property
    def has_index(self) -> bool:
        """Whether its address is the sum of two registers."""
        return len(self.address_registers) > 1

    @property
    def is_misaligned(self) -> bool:
        """Whether it is a 32-bit instruction that lies in two words."""
        return self.size == WIDE and self.address % WIDE != 0

    @cached_property
    def jumps(self) -> bool:
        """Whether it may change the flow of control."""
        return self.kind in (kinds.BRANCH, kinds.BRANCH_LINK, kinds.TABLE_BRANCH) or "pc" in self.results

    @property
    def may_fall_through(self) -> bool:
        """Whether it is a jump that depends on a condition."""
        own = self.name in ("cbz", "cbnz") or (self.name == "b" and self.mnemonic.partition(".")[0] != "b")
        return self.jumps and (self.conditional or own)

    @cached_property
    def target(self) -> int | None:
        """Where a branch goes, if that stands in the instruction."""
        if self.name not in kinds.DIRECT:
            return None
        found = TARGET.search(self.operands)
        return int(found[1], 16) if found else None

    @property
    def _written_back(self) -> frozenset[str]:
        """The base register of a load or store that also updates it."""
        if self.name in kinds.STACK:
            return frozenset(("sp",))
        inside = BRACKETS.search(self.operands)
        updates = bool(inside[2].strip()) if inside else "!" in self.operands
        named = REGISTER.findall(inside[1] if inside else self.operands)
        return frozenset(named[:1]) if updates else frozenset()

    @property
    def _is_long(self) -> bool:
        return self.kind in (kinds.MULTIPLY_LONG, kinds.MULTIPLY_LONG_ACCUMULATE) or self.name.startswith(
            ("smlal", "smlsld", "umaal")
        )
