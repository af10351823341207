"""`edgesnn flash`"""

from __future__ import annotations

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb


@verb("flash")
@options.model
@options.target
@options.board
@options.port
def command(model: str | None, target: str | None, board: str | None, port: str | None, progress: Progress) -> Answer:
    """MODEL is a name of `edgesnn models` or an integer model file. Says whether what was written was verified."""
    from edgesnn import api

    done = api.flash(model, target, board, port, progress)
    return Answer({"flashed": done}, lambda console: console.print(done))
