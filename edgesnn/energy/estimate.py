"""Which energy figures there are for a run: measured before modelled before arithmetic only."""

from __future__ import annotations

from collections.abc import Mapping

from edgesnn.activity import Activity
from edgesnn.energy.events import energy_of_events
from edgesnn.energy.instructions import energy_of_instructions
from edgesnn.energy.operations import energy_of_operations
from edgesnn.energy.table import Figure, Table, table, tables
from edgesnn.errors import ConfigError
from edgesnn.target import LABELS, Board, Cost, Energy

UNIT = "uJ"


def estimates(
    cost: Cost, counted: Mapping[str, Activity], target: str, board: Board, name: str | None = None
) -> tuple[Energy, ...]:
    """Energy of one inference by every table that applies, the best kind first.

    Args:
        name: a table to use for the board instead of its own. Raises ConfigError where it is unknown or needs
            counts that the board does not give.
    """
    found = [cost.energy] if cost.energy else []
    chosen = table(name) if name else default_table(target, board)
    if chosen:
        energy = energy_by(chosen, cost, counted)
        if energy is None and name:
            raise ConfigError(name, f"counts {chosen.kind}, which {board.name} does not", "Choose another table")
        found += [energy] if energy else []
    bare = [item for item in tables().values() if item.kind == "operations" and item is not chosen]
    found += [energy for item in bare if (energy := energy_by(item, cost, counted))]
    return tuple(sorted(found, key=lambda energy: LABELS.index(energy.label)))


def default_table(target: str, board: Board) -> Table | None:
    """The table the board file names (`energy_table`), else one that names the board, else the target."""
    named = board.facts.get("energy_table")
    if named:
        return table(str(named))
    by_board = [item for item in tables().values() if board.name in item.boards]
    by_target = [item for item in tables().values() if target in item.targets]
    return next(iter(by_board + by_target), None)


def energy_by(source: Table, cost: Cost, counted: Mapping[str, Activity]) -> Energy | None:
    """The energy by one table; None where its counts are not there."""
    if source.kind == "accesses":
        return None
    if source.kind == "instructions":
        if cost.instructions is None:
            return None
        figure: Figure = energy_of_instructions(source, cost.instructions)
    else:
        model = energy_of_events if source.kind == "events" else energy_of_operations
        figure = model(source, counted)
    return Energy(figure.typical, UNIT, source.label, source.name, figure.low, figure.high)
