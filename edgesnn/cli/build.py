"""`edgesnn build`"""

from __future__ import annotations

from pathlib import Path

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb


@verb("build")
@options.model
@options.target
@options.board
@options.out
def command(model: str | None, target: str | None, board: str | None, out: Path | None, progress: Progress) -> Answer:
    """MODEL is a name of `edgesnn models` or an integer model file. Files go to DIR, or to build/ here."""
    from edgesnn import api
    from edgesnn.report import text

    artifact = api.build(model, target, board, out, progress)
    record = {
        "model": artifact.model.name,
        "target": artifact.target,
        "board": artifact.board.name,
        "folder": artifact.folder,
        "main": artifact.main,
        "files": artifact.files,
        "notes": artifact.notes,
    }
    return Answer(record, text.artifact(artifact))
