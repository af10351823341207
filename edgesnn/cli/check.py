"""`edgesnn check`"""

from __future__ import annotations

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb


@verb("check")
@options.model
@options.target
@options.board
def command(model: str | None, target: str | None, board: str | None, progress: Progress) -> Answer:
    """MODEL is a name of `edgesnn models` or an integer model file. Exits with 1 where the board cannot run it."""
    from edgesnn import api
    from edgesnn.report import text

    checked = api.check(model, target, board)
    return Answer(checked, text.check(checked), checked.ok)
