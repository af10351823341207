"""A progress bar on standard error, for work that takes longer than a moment, on a terminal only."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Any

DELAY_S = 2.0
STAGES = {
    "check": "checking", "build": "building", "flash": "flashing", "erase": "erasing flash", "write": "writing flash",
    "read back": "reading back", "start": "starting", "verify": "verifying",
    "measure": "measuring", "run": "running", "profile": "profiling", "report": "writing the report",
}  # fmt: skip


class Bar:
    """A `Progress`: call it with (stage, done, total). Appears two seconds after the first call."""

    def __init__(self) -> None:
        self.display: Any = None
        self.timer: threading.Timer | None = None
        self.lock = threading.Lock()
        self.latest: tuple[str, int, int | None] = ("", 0, None)
        self.open = False

    def __enter__(self) -> Bar:
        self.open = sys.stderr.isatty()
        return self

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        with self.lock:
            self.latest = (stage, done, total)
            if self.display:
                self._update()
            elif self.open and self.timer is None:
                self.timer = threading.Timer(DELAY_S, self._appear)
                self.timer.daemon = True
                self.timer.start()

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with self.lock:
            if not self.open:
                return
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self.display = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
            self.task = self.display.add_task("", total=None)
            self.display.start()
            self._update()

    def _update(self) -> None:
        stage, done, total = self.latest
        self.display.update(self.task, description=STAGES.get(stage, stage), completed=done, total=total)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.timer:
            self.timer.cancel()
        with self.lock:
            self.open = False
            if self.display:
                self.display.stop()
