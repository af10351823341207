"""The progress bar: on a terminal only, for work that takes long only, and gone afterwards."""

from __future__ import annotations

import io
import sys
import time

import pytest

from edgesnn.cli import bar


class Terminal(io.StringIO):
    """Standard error of somebody who watches."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, delay: float) -> str:
    """What the bar writes while work says how far it is, until something appears or ten seconds have passed."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(bar, "DELAY_S", delay)
    monkeypatch.setenv("TERM", "xterm")
    with bar.Bar() as progress:
        progress("verify", 0, 200)
        end = time.monotonic() + 10
        while stream.isatty() and delay < 1 and progress.display is None and time.monotonic() < end:
            time.sleep(0.01)
        progress("verify", 40, 200)
        if progress.display:
            progress.display.refresh()
    return stream.getvalue()


def test_tells_stage_and_count(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, Terminal(), 0.0)
    assert "verifying" in text
    assert "40/200" in text


def test_quick_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), 60.0) == ""


def test_nobody_watching(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), 0.0) == ""
