"""A console that is plain where nobody looks: no colour, no wrapping unless it is a terminal."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console

WIDE = 240


def console(file: TextIO) -> Console:
    """A rich console on that stream. Colour obeys NO_COLOR; a pipe gets whole lines."""
    if file.isatty():
        return Console(file=file, highlight=False, markup=False, emoji=False)
    return Console(file=file, highlight=False, markup=False, emoji=False, no_color=True, width=WIDE, soft_wrap=True)
