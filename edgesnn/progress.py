"""How long work tells how far it is: a function of (what is being done, how many are done, of how many)."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Called as progress("verify", 40, 200); the total is None where it is not known."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Tells nobody."""
