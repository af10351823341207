"""One line a deployment: the columns of the table that every report starts with."""

from __future__ import annotations

from typing import Any

from edgesnn.deployment import Deployment
from edgesnn.report import format as fmt

COLUMNS = (
    "target", "board", "model", "exact", "samples", "accuracy", "flash", "RAM", "stack", "instructions", "energy",
)  # fmt: skip
RIGHT = frozenset(("samples", "accuracy", "flash", "RAM", "stack", "instructions"))


def row(item: Deployment) -> tuple[str, ...]:
    """The cells of one deployment, as text."""
    profile = item.profile
    return (
        item.target,
        item.board,
        item.model,
        fmt.yes(item.exact),
        f"{item.samples:,}",
        fmt.percent(item.accuracy),
        fmt.size(profile.flash_bytes),
        fmt.size(profile.ram_bytes),
        fmt.size(profile.stack_bytes),
        fmt.count(profile.instructions),
        fmt.energy(profile.energy),
    )


def summary(item: Deployment) -> dict[str, Any]:
    """The same for programs."""
    profile = item.profile
    return {
        "target": item.target,
        "board": item.board,
        "model": item.model,
        "exact": item.exact,
        "samples": item.samples,
        "mismatches": item.mismatches,
        "accuracy": item.accuracy,
        "flash_bytes": profile.flash_bytes,
        "ram_bytes": profile.ram_bytes,
        "stack_bytes": profile.stack_bytes,
        "instructions": profile.instructions,
        "cycles": profile.cycles,
        "energy": profile.energy,
    }
