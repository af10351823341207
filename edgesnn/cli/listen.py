"""`edgesnn listen`"""

from __future__ import annotations

from pathlib import Path

import click

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb


@verb("listen")
@options.model
@options.target
@options.board
@options.port
@click.option("--wav", type=click.Path(path_type=Path), metavar="FILE", help="A recording: one channel, 16 bits.")
@click.option("--data", metavar="NAME", help="The recordings of a data set, with their labels.")
@click.option("--split", default="test", show_default=True, metavar="SPLIT", help="Which part of the data set.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The first N recordings only.")
@click.option("--chunk-ms", type=click.FloatRange(1, 1000), default=15, show_default=True, help="Length of a chunk.")
@click.option("--real-time", is_flag=True, help="Send a chunk no sooner than a microphone would have it.")
def command(
    model: str | None, target: str | None, board: str | None, port: str | None, wav: Path | None, data: str | None,
    split: str, limit: int | None, chunk_ms: float, real_time: bool, progress: Progress,
) -> Answer:  # fmt: skip
    """The board runs the model's front end on the raw samples, and the model step by step. Exits with 1 unless every
    spike, state and score equals the reference's."""
    from edgesnn import api
    from edgesnn.report import heard

    if (wav is None) == (data is None):
        raise click.UsageError("name one thing to listen to: --wav FILE or --data NAME")
    listening = api.listen(model, target, board, port, wav, data, split, limit, chunk_ms, real_time, progress)
    return Answer(listening, heard.text(listening), listening.exact)
