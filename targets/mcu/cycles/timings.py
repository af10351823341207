"""Timings of a processor core: TOML files that name their source, what was checked, and what they leave out."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from edgesnn.errors import ConfigError, ToolError
from edgesnn.target import nearest
from edgesnn.targets.mcu.cycles import kinds

Bounds = npt.NDArray[np.float64]
"""Cycles (3,): low, typical, high."""

KINDS = frozenset(
    (
        kinds.DATA, kinds.MULTIPLY, kinds.MULTIPLY_ACCUMULATE, kinds.MULTIPLY_LONG, kinds.MULTIPLY_LONG_ACCUMULATE,
        kinds.MULTIPLY_DSP, kinds.DIVIDE, kinds.LOAD, kinds.STORE, kinds.TRANSFER, kinds.BRANCH, kinds.BRANCH_LINK,
        kinds.TABLE_BRANCH, kinds.IF_THEN, kinds.SPECIAL, kinds.BARRIER, kinds.WAIT, kinds.HINT,
    )
)  # fmt: skip
"""Cycles of an instruction alone. A core has those that its architecture has."""
CIRCUMSTANCES = frozenset(
    (
        "store_indexed", "transfer_register", "refill", "refill_register", "refill_load", "misaligned_target",
        "literal", "overlap", "address_wait", "after_store", "folded",
    )
)  # fmt: skip
"""What depends on more than the kind:

store_indexed: a store to the sum of two registers. transfer_register: what each register adds to a transfer.
refill: what a taken branch adds; refill_register, refill_load: where the target is in a register, or is loaded.
misaligned_target: what is added where a 32-bit instruction in two words is the target.
literal: what is added to a load relative to the program counter.
overlap: what a load or store saves just after a load whose result is not its address.
address_wait: what is added where the instruction before computed its address.
after_store: what is added to a load after a store. folded: an IT instruction behind a 16-bit instruction.
"""
TEXTS = ("title", "source", "checked", "excludes")


@dataclass(frozen=True)
class Timings:
    """One table. core: the name that compilers give it; figures: cycles by kind and circumstance."""

    core: str
    title: str
    source: str
    checked: str
    excludes: str
    figures: Mapping[str, Bounds]

    def of(self, name: str) -> Bounds:
        """Raises ToolError where the core has no such instruction."""
        if name not in self.figures:
            raise ToolError(self.core, f"has no timing for instructions of the kind {name}", "Compile for this core")
        return self.figures[name]


@functools.cache
def tables() -> Mapping[str, Timings]:
    """All packaged tables by core, which is the file's name."""
    folder = resources.files("edgesnn.targets.mcu.cycles") / "cores"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    names = [file.name.removesuffix(".toml") for file in files]
    return {name: parse(name, file.read_text("utf-8")) for name, file in zip(names, files, strict=True)}


def parse(core: str, text: str) -> Timings:
    """Raises ConfigError on anything but the documented keys, each [low, typical, high]."""
    where = f"timings {core}"
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(where, f"is not TOML ({error})", "Correct it") from error
    known = (*TEXTS, "cycles")
    for key in values:
        if key not in known:
            raise ConfigError(where, f"key {key} is not known", nearest(key, known))
    for key in known:
        if key not in values:
            raise ConfigError(where, f"key {key} is missing", "Add it")
    title, source, checked, excludes = (str(values[key]) for key in TEXTS)
    return Timings(core, title, source, checked, excludes, _figures(where, values["cycles"]))


def _figures(where: str, values: dict[str, Any]) -> dict[str, Bounds]:
    for key in values:
        if key not in KINDS | CIRCUMSTANCES:
            raise ConfigError(where, f"key cycles.{key} is not known", nearest(key, KINDS | CIRCUMSTANCES))
    missing = sorted(CIRCUMSTANCES - set(values))
    if missing:
        raise ConfigError(where, f"key cycles.{missing[0]} is missing", "Add it, [0, 0, 0] for no difference")
    found = {}
    for key, value in values.items():
        if not _is_figure(value):
            raise ConfigError(where, f"cycles.{key} is {value!r}", "Write [low, typical, high]")
        found[key] = np.array(value, np.float64)
        found[key].flags.writeable = False  # shared by all who ask
    return found


def _is_figure(value: Any) -> bool:
    numbers = isinstance(value, list) and all(type(item) in (int, float) for item in value)
    return numbers and len(value) == 3 and sorted(value) == value and value[0] >= 0
