"""`edgesnn profile`"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb

if TYPE_CHECKING:
    from edgesnn.api import Metering


@verb("profile")
@options.model
@options.target
@options.board
@options.port
@options.samples
@options.table
@options.metered
def command(
    model: str | None, target: str | None, board: str | None, port: str | None, samples: int | None, table: str | None,
    metering: Metering | None, progress: Progress,
) -> Answer:  # fmt: skip
    """Figures are labelled measured, modelled or arithmetic only, and never mixed."""
    from edgesnn import api
    from edgesnn.report import text

    profile = api.profile(model, target, board, port, samples, table, progress, metering)
    return Answer(profile, text.profile(profile))
