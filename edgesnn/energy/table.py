"""Energy tables: TOML files that name their source, what they leave out, and who checked what."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from edgesnn.errors import ConfigError
from edgesnn.target import LABELS, nearest

FIGURES = {
    "instructions": ("clock_mhz", "supply_v", "current_ma", "cycles_per_instruction"),
    "events": ("synaptic_op_pj", "neuron_update_pj", "spike_pj", "synaptic_update_pj"),
    "operations": ("add_pj", "multiply_pj"),
    "accesses": ("read_pj", "write_pj"),
}
"""The figures of every kind of table; each is [low, typical, high]."""
KEYS = ("title", "kind", "label", "source", "checked", "excludes", "boards", "targets", "figures")


@dataclass(frozen=True)
class Figure:
    """An interval and what is typical in it: low <= typical <= high."""

    low: float
    typical: float
    high: float


@dataclass(frozen=True)
class Table:
    """One energy table. kind names the model that uses it; boards and targets, whom it is the default of."""

    name: str
    title: str
    kind: str
    label: str
    source: str
    checked: str
    excludes: str
    boards: tuple[str, ...]
    targets: tuple[str, ...]
    figures: Mapping[str, Figure]


@functools.cache
def tables() -> Mapping[str, Table]:
    """All packaged tables by name, which is the file's."""
    folder = resources.files("edgesnn.energy") / "tables"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    names = [file.name.removesuffix(".toml") for file in files]
    return {name: parse(name, file.read_text("utf-8")) for name, file in zip(names, files, strict=True)}


def table(name: str) -> Table:
    """Raises ConfigError with the nearest known name."""
    if name not in tables():
        raise ConfigError(name, "is no energy table", nearest(name, tables()))
    return tables()[name]


def parse(name: str, text: str) -> Table:
    """Raises ConfigError on anything but the documented keys and kinds."""
    where = f"energy table {name}"
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(where, f"is not TOML ({error})", "Correct it") from error
    for key in values:
        if key not in KEYS:
            raise ConfigError(where, f"key {key} is not known", nearest(key, KEYS))
    for key in KEYS:
        values.setdefault(key, [] if key in ("boards", "targets") else None)
        if values[key] is None:
            raise ConfigError(where, f"key {key} is missing", "Add it")
    if values["kind"] not in FIGURES or values["label"] not in LABELS:
        raise ConfigError(where, f"kind {values['kind']!r} or label {values['label']!r} is not known", f"{LABELS}")
    texts = {key: str(values[key]) for key in ("title", "kind", "label", "source", "checked", "excludes")}
    return Table(
        name=name,
        boards=tuple(values["boards"]),
        targets=tuple(values["targets"]),
        figures=figures(where, values["kind"], values["figures"]),
        **texts,
    )


def figures(where: str, kind: str, values: dict[str, Any]) -> dict[str, Figure]:
    if set(values) != set(FIGURES[kind]):
        raise ConfigError(where, f"figures {sorted(values)}", f"A table of {kind} has {', '.join(FIGURES[kind])}")
    found = {}
    for key, value in values.items():
        if not isinstance(value, list) or len(value) != 3 or sorted(value) != value or value[0] < 0:
            raise ConfigError(where, f"{key} is {value!r}", "Write [low, typical, high]")
        found[key] = Figure(*(float(item) for item in value))
    return found
