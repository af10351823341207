"""`edgesnn run`"""

from __future__ import annotations

from pathlib import Path

import click

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb


@verb("run")
@options.model
@options.target
@options.board
@options.port
@click.option("--data", metavar="NAME|FILE", help="A data set, or an .npz file with `samples` and maybe `labels`.")
@click.option("--split", default="test", show_default=True, metavar="SPLIT", help="Which part of the data set.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Run the first N samples only.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write every prediction to a CSV file.")
def command(
    model: str | None, target: str | None, board: str | None, port: str | None, data: str | None, split: str,
    limit: int | None, out: Path | None, progress: Progress,
) -> Answer:  # fmt: skip
    """Runs on the reference interpreter, or on the board that --target or --board names."""
    from edgesnn import api
    from edgesnn.report import text

    predictions = api.run(model, target, board, port, data, split, limit, progress)
    if out:
        predictions.save(out)
    return Answer(predictions, text.predictions(predictions, out))
