"""Quantities as people write them: 64K of memory, 1M instructions, 50uJ."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from edgesnn.errors import ConfigError

T = TypeVar("T")
NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Zµ]*)\s*")
BYTES = {"": 1, "B": 1, "K": 1 << 10, "KB": 1 << 10, "KIB": 1 << 10, "M": 1 << 20, "MB": 1 << 20, "MIB": 1 << 20}
COUNTS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}
MICROJOULES = {"NJ": 1e-3, "UJ": 1.0, "µJ": 1.0, "MJ": 1e3, "J": 1e6}


def byte_count(text: str) -> int:
    """
    >>> byte_count("64K"), byte_count("1.5 MiB"), byte_count("65536")
    (65536, 1572864, 65536)
    """
    return int(_value(text, BYTES, "bytes, such as 64K"))


def count(text: str) -> int:
    """
    >>> count("1M"), count("250k")
    (1000000, 250000)
    """
    return int(_value(text, COUNTS, "a count, such as 1M"))


def microjoules(text: str) -> float:
    """A milli- is never meant by a capital M: joules have their unit written out.

    >>> microjoules("50uJ"), microjoules("0.2 mJ")
    (50.0, 200.0)
    """
    return _value(text, MICROJOULES, "an energy with its unit, such as 50uJ")


def given(text: str | None, read: Callable[[str], T]) -> T | None:
    """What an option says, if it is there."""
    return None if text is None else read(text)


def _value(text: str, units: dict[str, float] | dict[str, int], wanted: str) -> float:
    found = NUMBER.fullmatch(text)
    unit = found[2].upper().replace("Μ", "µ") if found else ""
    if not found or unit not in units or float(found[1]) <= 0:
        raise ConfigError(repr(text)[:40], f"is not {wanted}", "Write a number above 0 and a known unit")
    return float(found[1]) * units[unit]
