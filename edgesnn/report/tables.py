"""Text tables: aligned columns, units in the cells, one line a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[str] = ()) -> Table:
    """A table without frame; columns in `right` are right-aligned."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for cells in rows:
        made.add_row(*cells)
    return made


def show(console: Console, made: Table) -> None:
    """Prints a table, as wide as it needs to be where nobody's terminal would wrap it."""
    console.print(made, crop=False, no_wrap=not console.is_terminal)


def heading(console: Console, text: str) -> None:
    console.print()
    console.print(text, style="bold")
