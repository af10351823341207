"""How a training run shows itself: a bar on a terminal, a line an epoch elsewhere, both on standard error."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """Use as a context manager around the epochs."""

    def __init__(self, quiet: bool = False) -> None:
        console = Console(stderr=True, quiet=quiet)
        self.console = console
        self.bar: Bar | None = None
        if console.is_terminal and not quiet:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Bar(*columns, console=console, transient=True)
            self.task = self.bar.add_task("epoch 1")

    def __enter__(self) -> Progress:
        if self.bar:
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar:
            self.bar.stop()

    def step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        if self.bar:
            self.bar.update(
                self.task, description=f"epoch {epoch + 1}, loss {loss:.3f}", completed=step + 1, total=steps
            )

    def epoch(self, epoch: int, epochs: int, loss: float, accuracy: float) -> None:
        line = f"epoch {epoch + 1}/{epochs}: loss {loss:.4f}, validation accuracy {100 * accuracy:.2f} %"
        self.console.print(line, highlight=False)
        sys.stderr.flush()
