"""A fault, as a text replacement, and the tests that ought to notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`old`, which occurs exactly once in `file`, becomes `new`; `tests` are what pytest is given."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
