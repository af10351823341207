"""`edgesnn deploy`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb

if TYPE_CHECKING:
    from edgesnn.api import Metering


@verb("deploy")
@options.model
@options.target
@options.board
@options.port
@options.out
@options.samples
@options.table
@options.metered
def command(
    model: str | None, target: str | None, board: str | None, port: str | None, out: Path | None, samples: int | None,
    table: str | None, metering: Metering | None, progress: Progress,
) -> Answer:  # fmt: skip
    """MODEL is a name of `edgesnn models` or an integer model file; without it, the model that edgesnn.toml in this
    folder names, else the zoo's default for the target. Exits with 1 unless the board is exact."""
    from edgesnn import api
    from edgesnn.report import text

    deployment = api.deploy(model, target, board, port, out, samples, table, progress, metering)
    return Answer(deployment, text.deployment(deployment), deployment.exact)
