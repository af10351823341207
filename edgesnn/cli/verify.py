"""`edgesnn verify`"""

from __future__ import annotations

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb


@verb("verify")
@options.model
@options.target
@options.board
@options.port
@options.samples
def command(
    model: str | None, target: str | None, board: str | None, port: str | None, samples: int | None, progress: Progress
) -> Answer:
    """Spikes and states, layer by layer, every step. Exits with 1 at any difference and names the first one."""
    from edgesnn import api
    from edgesnn.report import text

    verification = api.verify(model, target, board, port, samples, progress)
    return Answer(verification, text.verification(verification), verification.exact)
