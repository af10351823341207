"""Bytes of a learned sample between processor and memory."""

from __future__ import annotations

from edgesnn.report.plots.memory import stacked
from edgesnn.report.plots.style import Figure
from edgesnn.teaching import Teaching


def traffic(teaching: Teaching) -> Figure | None:
    """A bar of what is read and one of what is written; None where the device does not count."""
    found = teaching.traffic
    if found is None:
        return None
    parts = [
        ("read", "weights, forward", found.forward_read),
        ("read", "weights, for errors", found.errors_read),
        ("read", "what moves", found.moved_read),
        ("written", "spikes kept", found.kept_written),
        ("written", "what moves", found.moved_written),
    ]
    return stacked([(way, use, round(count)) for way, use, count in parts])
