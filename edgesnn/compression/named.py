"""The recipes that come with edgesnn: data files, found by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from edgesnn.errors import ConfigError
from edgesnn.target import nearest

FOLDER = Path(__file__).parent / "recipes"

NAMING = """\
A recipe is called METHOD-PRECISION, and -pruned or -distilled where it does that too.
  METHOD     whose weights: q_snn (binary), qp_snn (zero-free grid), qt_snn (dual scale, ternary spikes), linear (plain)
  PRECISION  NwMu: N-bit weights and M-bit membranes; Nbit: N-bit weights, membranes as they are
  Both mean the layers between the first and the last, which get plain 8-bit weights.
  -pruned    then half the channels of the convolutions go, by SVS, but never the first's and the last's
  -distilled learns from the network as it was before
A recipe METHOD-pruned (svs, magnitude, random) prunes and fine-tunes and leaves every precision as it is.
  -long      fine-tunes four times as long, at twice the learning rate"""


def names() -> tuple[str, ...]:
    """Names of all recipes, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def path(name: str) -> Path:
    """The file of a recipe. Raises ConfigError with the nearest known name."""
    if name not in names():
        raise ConfigError(name, "is no recipe", nearest(name, names()))
    return FOLDER / f"{name}.toml"


def summaries() -> Mapping[str, str]:
    """What each recipe does, in a line. Needs no torch."""
    from edgesnn.train.tables import read_tables

    return {name: str(read_tables(path(name))["summary"]) for name in names()}
