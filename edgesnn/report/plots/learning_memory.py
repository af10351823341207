"""Memory of a program that learns."""

from __future__ import annotations

from edgesnn.report.plots.memory import Part, stacked
from edgesnn.report.plots.style import Figure
from edgesnn.teaching import Teaching


def learning_memory(teaching: Teaching) -> Figure | None:
    """Flash and RAM of the linked program, and in RAM what learning takes of it; None where nobody can tell."""
    flash, ram = teaching.flash_bytes, teaching.ram_bytes
    if flash is None or ram is None:
        return None
    learner = min(teaching.learner_bytes, ram)
    parts: list[Part] = [
        ("flash", "program and first weights", flash),
        ("RAM", "weights, spikes and errors", learner),
        ("RAM", "link, port and stack", ram - learner),
    ]
    return stacked(parts)
