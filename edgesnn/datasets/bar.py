"""A progress bar for downloads, on standard error and only on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from edgesnn.progress import Progress, silent


@contextlib.contextmanager
def terminal_bar() -> Iterator[Progress]:
    """A function that shows bytes of the file in hand; one that shows nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)  # type: ignore[arg-type]

        yield show
