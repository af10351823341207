"""`edgesnn boards`"""

from __future__ import annotations

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb
from edgesnn.target import Board, Target


@verb("boards")
@options.target
def command(target: str | None, progress: Progress) -> Answer:
    """Emulators and interpreters are boards like any other."""
    from edgesnn.report import text
    from edgesnn.target import target as target_of
    from edgesnn.target import targets

    places = [target_of(target)] if target else list(targets().values())
    pairs = [(place, board) for place in places for board in place.boards().values()]
    rows = [(board.name, place.name, "yes" if board.emulated else "no", board.description) for place, board in pairs]
    columns = ("board", "target", "emulated", "what it is")
    return Answer({"boards": [described(*pair) for pair in pairs]}, text.listing(columns, rows, "no boards"))


def described(place: Target, board: Board) -> dict[str, object]:
    return {
        "name": board.name,
        "target": place.name,
        "default": board.name == place.default_board,
        "emulated": board.emulated,
        "description": board.description,
    }
