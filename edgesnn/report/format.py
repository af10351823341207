"""Numbers for people: units always there, digits that mean something, a dash where nothing is known."""

from __future__ import annotations

from collections.abc import Callable

from edgesnn.spread import Distribution
from edgesnn.target import Cycles, Energy

UNKNOWN = "–"
PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def size(count: int | None) -> str:
    """Bytes: exact below 10 KiB, then KiB with one decimal.

    >>> size(312), size(40960), size(None)
    ('312 B', '40.0 KiB', '–')
    """
    if count is None:
        return UNKNOWN
    return f"{count:,} B" if count < 10_240 else f"{count / 1024:,.1f} KiB"


def count(number: float | None) -> str:
    """Counts: whole below 100,000, then k, M or G with three significant digits.

    >>> count(99_999), count(1_859_136), count(None)
    ('99,999', '1.86 M', '–')
    """
    if number is None:
        return UNKNOWN
    if number < 100_000:
        return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"
    unit, letter = next((unit, letter) for unit, letter in PREFIXES if number >= 0.9995 * unit)
    return f"{number / unit:.3g} {letter}"


def percent(fraction: float | None) -> str:
    """
    >>> percent(0.9912), percent(None)
    ('99.12 %', '–')
    """
    return UNKNOWN if fraction is None else f"{fraction * 100:.2f} %"


def microjoules(value: float) -> str:
    """
    >>> microjoules(186.24), microjoules(0.0421)
    ('186 µJ', '0.0421 µJ')
    """
    return f"{value:.3g} µJ" if value < 1000 else f"{value:,.0f} µJ"


def milliamperes(current_a: float) -> str:
    """
    >>> milliamperes(0.0123456), milliamperes(0.0000021)
    ('12.35 mA', '0.0021 mA')
    """
    return f"{current_a * 1e3:.4g} mA"


def distribution(figures: Distribution, one: Callable[[float], str]) -> str:
    """A figure's spread over samples; `one` formats a single figure."""
    low, median, most, high = (one(x) for x in (figures.lowest, figures.median, figures.percentile_95, figures.highest))
    return f"min {low}, median {median}, 95 % at most {most}, max {high} ({figures.samples} samples)"


def break_even(rate: float | None, dense: float) -> str:
    """
    >>> break_even(0.4321, 2e6)
    '43.2 % of inputs active; dense kernels take 2 M'
    >>> break_even(None, 2e6)
    'none: dense kernels take 2 M, more than this with all inputs active'
    """
    if rate is None:
        return f"none: dense kernels take {count(dense)}, more than this with all inputs active"
    return f"{100 * rate:.1f} % of inputs active; dense kernels take {count(dense)}"


def energy(figure: Energy) -> str:
    """Value, interval, kind and table, as they always go together."""
    return f"{joules(figure)}{interval(figure)}, {figure.label} ({figure.table})"


def joules(figure: Energy) -> str:
    """The value with its unit."""
    return microjoules(figure.value) if figure.unit == "uJ" else f"{figure.value:.3g} {figure.unit}"


def interval(figure: Energy) -> str:
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return ""
    return f" [{figure.low:.3g}–{figure.high:.3g}]"


def cycles(figure: Cycles) -> str:
    """Value, interval and table.

    >>> cycles(Cycles(1_393_498, 1_378_809, 1_561_315, "cortex-m4"))
    '1.39 M [1.38 M–1.56 M], modelled (cortex-m4)'
    """
    return f"{count(figure.value)} [{count(figure.low)}–{count(figure.high)}], {figure.label} ({figure.core})"


def yes(value: bool) -> str:
    return "yes" if value else "NO"


def shape(sizes: tuple[int, ...]) -> str:
    return "×".join(map(str, sizes))
