"""A search in words: configurations, figures, bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edgesnn.fit.bounds import FIGURES, NAMES, Bounds, Figures
from edgesnn.fit.measured import Measured
from edgesnn.fit.space import CHANNELS, STATE_BITS, TIME_STEPS, WEIGHT_BITS, Configuration
from edgesnn.fit.task import Subject, Task
from edgesnn.report import format as fmt

AXIS_TITLES: Mapping[str, str] = {
    WEIGHT_BITS: "weights", STATE_BITS: "states", TIME_STEPS: "T", CHANNELS: "channels",
}  # fmt: skip
SHOWN: Mapping[str, Callable[[float | None], str]] = {
    "flash_bytes": lambda value: fmt.size(None if value is None else int(value)),
    "ram_bytes": lambda value: fmt.size(None if value is None else int(value)),
    "instructions": fmt.count,
    "energy_uj": lambda value: fmt.UNKNOWN if value is None else fmt.microjoules(value),
}


def axis(name: str, value: int) -> str:
    """
    >>> axis("weight_bits", 2), axis("channels", 50), axis("state_bits", 0)
    ('2 bit', '50 %', 'as is')
    """
    if name in (WEIGHT_BITS, STATE_BITS):
        return f"{value} bit" if value else "as is"
    return f"{value} %" if name == CHANNELS else str(value)


def configuration(point: Configuration) -> str:
    return ", ".join(f"{AXIS_TITLES[name]} {axis(name, value)}" for name, value in point.items()) or "as it is"


def figures(found: Figures) -> str:
    """The figures that the board told."""
    told = [(name, getattr(found, name)) for name in FIGURES]
    return ", ".join(f"{NAMES[name]} {SHOWN[name](value)}" for name, value in told if value is not None)


def line(measured: Measured, bounds: Bounds) -> str:
    """One trial in one line."""
    head = configuration(measured.point)
    if measured.refused is not None:
        return f"{head}: refused, {measured.refused}"
    if measured.accuracy is None:
        return f"{head}: {figures(measured.figures)}: too large, not trained"
    verdict = "fits" if measured.fits(bounds) else "does not fit"
    return f"{head}: {fmt.percent(measured.accuracy)}, {figures(measured.figures)}: {verdict}"


def misses(measured: Measured, bounds: Bounds) -> str:
    """By how much each bound is missed."""
    found = []
    for name in bounds.given:
        bound, value = getattr(bounds, name), getattr(measured.figures, name)
        if value is not None and value > bound:
            more = f"{SHOWN[name](value - bound)} ({100 * (value - bound) / bound:.1f} %) more"
            found.append(f"{NAMES[name]} {SHOWN[name](value)}, {more} than {SHOWN[name](bound)}")
    return "; ".join(found)


def bounds(found: Bounds) -> str:
    return ", ".join(f"{NAMES[name]} {SHOWN[name](getattr(found, name))}" for name in found.given) or "none"


def fine_tuning(task: Task, found: Subject) -> str:
    """What every configuration but the present one went through."""
    epochs = f"{task.epochs} epoch{'s' if task.epochs > 1 else ''}"
    return (
        f"{epochs} on the first {len(found.fit):,} training samples of {found.training.dataset}, judged on "
        f"{len(found.validation):,} validation samples; --epochs, --limit and --validation raise it"
    )
