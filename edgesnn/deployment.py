"""All that a deployment brought to light, in one record: what `deploy` returns, stores and reports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from edgesnn.choice import Choice
from edgesnn.errors import FileError
from edgesnn.predictions import Predictions
from edgesnn.profiling import Profile, Raster
from edgesnn.records import from_json, to_json
from edgesnn.target import Artifact
from edgesnn.verification import Verification

SCHEMA = 1
MAX_BYTES = 1 << 26


@dataclass(frozen=True)
class Deployment:
    """A model on a board. exact, samples, mismatches and accuracy repeat what verification and predictions say."""

    schema: int
    model: str
    description: str
    reason: str
    target: str
    board: str
    board_description: str
    emulated: bool
    exact: bool
    samples: int
    mismatches: int
    accuracy: float | None
    folder: str
    files: tuple[str, ...]
    flashed: str
    notes: tuple[str, ...]
    verification: Verification
    predictions: Predictions
    profile: Profile
    raster: Raster

    @staticmethod
    def of(
        choice: Choice,
        artifact: Artifact,
        flashed: str,
        verification: Verification,
        predictions: Predictions,
        profile: Profile,
        raster: Raster,
    ) -> Deployment:
        """Gathers the parts."""
        return Deployment(
            schema=SCHEMA,
            model=choice.model.name,
            description=choice.model.metadata.description,
            reason=choice.reason,
            target=choice.target.name,
            board=choice.board.name,
            board_description=choice.board.description,
            emulated=choice.board.emulated,
            exact=verification.exact,
            samples=verification.samples,
            mismatches=verification.mismatches,
            accuracy=predictions.accuracy,
            folder=str(artifact.folder),
            files=artifact.files,
            flashed=flashed,
            notes=tuple(dict.fromkeys((*artifact.notes, *profile.notes))),
            verification=verification,
            predictions=predictions,
            profile=profile,
            raster=raster,
        )

    def to_text(self) -> str:
        """As result.json holds it."""
        return json.dumps(to_json(self), indent=1, allow_nan=False) + "\n"


def read_deployment(path: Path | str) -> Deployment:
    """Reads result.json, or the one in a folder. Raises FileError on anything that `deploy` did not write."""
    path = Path(path)
    file = path / "result.json" if path.is_dir() else path
    try:
        if file.stat().st_size > MAX_BYTES:
            raise FileError(str(file), f"is larger than {MAX_BYTES} bytes", "Give a result.json of `edgesnn deploy`")
        data = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise FileError(str(file), f"is not JSON ({error})", "Give a result.json of `edgesnn deploy`") from error
    except OSError as error:
        raise FileError(str(file), f"cannot be read ({error.strerror})", "Run `edgesnn deploy` first") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise FileError(str(file), f"is no result of schema {SCHEMA}", "Write it again with `edgesnn deploy`")
    return from_json(Deployment, data, str(file))
