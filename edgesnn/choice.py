"""Which model runs where: what the user says, else the folder's edgesnn.toml, else the zoo's default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edgesnn import zoo
from edgesnn.config import NAME, read
from edgesnn.errors import ConfigError, TargetError
from edgesnn.integer import Model
from edgesnn.target import Board, Target, names, target, targets


@dataclass(frozen=True)
class Choice:
    """A model on a board of a target. `reason` says why this model, for the user to see."""

    model: Model
    reason: str
    target: Target
    board: Board
    port: str | None


def choose(
    model: Model | str | Path | None,
    target_name: str | None = None,
    board: str | None = None,
    port: str | None = None,
    folder: Path | str = ".",
) -> Choice:
    """Raises TargetError, BoardError, ModelError, FileError or ConfigError where a name is missing or unknown."""
    config = read(folder)
    place, board_name, port = choose_board(target_name, board, port, folder)
    if model is None and config.model is None:
        name = default_model(place)
        return Choice(zoo.load(name), f"{name}, the zoo's default for {place.name}", place, board_name, port)
    chosen, reason = choose_model(model, folder)
    return Choice(chosen, reason, place, board_name, port)


def choose_model(model: Model | str | Path | None, folder: Path | str = ".") -> tuple[Model, str]:
    """The model given, else the one of edgesnn.toml, with the reason."""
    if isinstance(model, Model):
        return model, f"{model.name}, as given"
    if model is not None:
        return zoo.load(model), f"{model}, as given"
    named = read(folder).model
    if named is None:
        raise ConfigError("model", "none is named here or in edgesnn.toml", "Name one of `edgesnn models`, or a file")
    beside = Path(folder) / named
    return zoo.load(beside if beside.is_file() else named), f"{named}, named in {NAME}"


def choose_board(
    target_name: str | None, board: str | None, port: str | None, folder: Path | str = "."
) -> tuple[Target, Board, str | None]:
    """Target, board and port. Board and port of edgesnn.toml count only for its own target."""
    config = read(folder)
    if target_name is None and board is not None:
        place = target_with(board)
    else:
        name = target_name or config.target
        if name is None:
            raise TargetError("target", "none is named", f"Add --target, one of: {', '.join(names())}")
        place = target(name)
    if config.target in (None, place.name):
        board, port = board or config.board, port or config.port
    return place, place.board(board), port


def target_with(board: str) -> Target:
    """The target that has a board of that name."""
    from edgesnn.errors import BoardError
    from edgesnn.target import nearest

    for place in targets().values():
        if board in place.boards():
            return place
    known = {name for place in targets().values() for name in place.boards()}
    raise BoardError(board, "is no board of any target", nearest(board, known))


def default_model(place: Target) -> str:
    """The zoo's default for the target, else the target's own."""
    for name, model in zoo.zoo().items():
        if place.name in model.default_of:
            return name
    return place.default_model
