"""Processor, memories and the place of devices."""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from elftools.elf.elffile import ELFFile
from unicorn import UC_ARCH_ARM, UC_MODE_MCLASS, UC_MODE_THUMB, Uc, UcError, arm_const
from unicorn.unicorn_const import UC_HOOK_MEM_READ, UC_HOOK_MEM_WRITE, UC_PROT_EXEC, UC_PROT_READ, UC_PROT_WRITE

from .cmsdk import Device

PROCESSORS = {
    "cortex-m3": arm_const.UC_CPU_ARM_CORTEX_M3,
    "cortex-m4": arm_const.UC_CPU_ARM_CORTEX_M4,
    "cortex-m7": arm_const.UC_CPU_ARM_CORTEX_M7,
}
PAGE = 0x1000
SYSTEM_CONTROL = 0xE000_E000  # NVIC and its like: kept, without effect, because no handler ever runs
WAIT_FOR_INTERRUPT = b"\x30\xbf"
FOREVER = 0xFFFF_FFFF  # an address where no program ends


class StoppedError(Exception):
    """The program did what it must not."""


@dataclass(frozen=True)
class Flash:
    origin: int
    content: bytes

    def instructions(self, start: int, end: int) -> int:
        """How many there are from one address to another.

        Thumb: a halfword from 0xe800 on is the first of two. ARMv7-M Architecture Reference Manual (DDI 0403), A5.1.
        """
        at, found = start - self.origin, 0
        while at < end - self.origin:
            at += 4 if self.content[at + 1] >= 0xE8 else 2
            found += 1
        return found


class Machine:
    """flash, ram: (address, bytes). A write to the flash, or running code elsewhere, ends the program."""

    def __init__(self, processor: str, flash: Sequence[int], ram: Sequence[int]) -> None:
        self.engine = Uc(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS)
        self.engine.ctl_set_cpu_model(PROCESSORS[processor])
        for (origin, size), rights in ((flash, UC_PROT_EXEC), (ram, UC_PROT_WRITE)):
            self.engine.mem_map(origin, -(-size // PAGE) * PAGE, UC_PROT_READ | rights)
        self.engine.mem_map(SYSTEM_CONTROL, PAGE, UC_PROT_READ | UC_PROT_WRITE)
        self._flash = flash

    @property
    def flash(self) -> Flash:
        origin, size = self._flash
        return Flash(origin, bytes(self.engine.mem_read(origin, size)))

    def load(self, program: Path) -> None:
        """What of an ELF file is in flash."""
        with program.open("rb") as file:
            for segment in ELFFile(file).iter_segments("PT_LOAD"):
                if segment["p_filesz"]:
                    self.engine.mem_write(segment["p_paddr"], segment.data())

    def keep(self, origin: int, path: Path) -> None:
        """Memory in place of a second flash: what is written there is in the file at once, however the program ends."""
        with path.open("r+b") as file:
            content = mmap.mmap(file.fileno(), 0)
        self._kept = ctypes.c_char.from_buffer(content)  # as long as this is there, the memory is
        self.engine.mem_map_ptr(origin, len(content), UC_PROT_READ | UC_PROT_WRITE, ctypes.addressof(self._kept))

    def connect(self, address: int, device: Device, asks_where: bool = False) -> None:
        """Puts a device's registers there. asks_where: it wants to know at which instruction the processor is."""

        def read(engine: Uc, offset: int, size: int, data: Any) -> int:
            return device.read(offset)

        def write(engine: Uc, offset: int, size: int, value: int, data: Any) -> None:
            device.write(offset, value)

        self.engine.mmio_map(address, PAGE, read, None, write, None)
        if asks_where:  # unicorn keeps the program counter only for those who watch a memory
            watched = UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE
            self.engine.hook_add(watched, lambda *access: None, None, address, address + PAGE - 1)

    def run(self, wait: Callable[[], object]) -> NoReturn:
        """From reset on; `wait` is called whenever the processor sleeps. Raises StoppedError for a program that fails,
        and what `wait` and the devices raise."""
        stack, start = struct.unpack("<II", self.engine.mem_read(self._flash[0], 8))
        self.engine.reg_write(arm_const.UC_ARM_REG_SP, stack)
        while True:
            try:
                self.engine.emu_start(start | 1, FOREVER)
            except UcError as error:
                raise StoppedError(f"{error} at {self._at():#x}") from error
            start = self._at()
            if self.engine.mem_read(start - 2, 2) != WAIT_FOR_INTERRUPT:
                raise StoppedError(f"the processor stopped at {start:#x}")
            wait()

    def _at(self) -> int:
        return int(self.engine.reg_read(arm_const.UC_ARM_REG_PC))
