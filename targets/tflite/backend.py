"""The phone target: a .tflite file of built-in integer operators, run by stock interpreters."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from edgesnn.environments import remedy, second_python
from edgesnn.errors import FileError, ToolError
from edgesnn.files import filling
from edgesnn.integer import Model
from edgesnn.progress import Progress, silent
from edgesnn.target import Artifact, Board, Limits, Problem, Session, Stored, Target
from edgesnn.targets.tflite.boards import BOARDS, LITERT, OLDER, RUNTIME, STATES

LITERT_REMEDY = "Install it with `python -m pip install ai-edge-litert`"
ASK_VERSION = "import importlib.metadata as m; print(m.version('tflite-runtime'))"
VERSION_SECONDS = 30


class TfliteTarget(Target):
    """Boards are two interpreters, each with two homes for states; a phone runs the same file."""

    name = "tflite"
    description = "phones and watches: a .tflite file of built-in integer operators"
    default_board = "litert"
    default_model = "q_snn"

    def boards(self) -> Mapping[str, Board]:
        return BOARDS

    def check(self, model: Model, board: Board) -> list[Problem]:
        from edgesnn.targets.tflite.program import problems

        self._require_writer()
        return problems(model, board.facts[STATES])

    def build(self, model: Model, board: Board, folder: Path) -> Artifact:
        """Writes `<model>.tflite`, `<model>.tflite.json` (signatures, encoding, digest) and README.md.

        Raises UnsupportedModelError where `check` names a problem.
        """
        from edgesnn.targets.tflite.describe import manifest_json, readme
        from edgesnn.targets.tflite.program import write_file

        self._require_writer()
        form = board.facts[STATES]
        data = write_file(model, form)
        file = f"{model.name}.tflite"
        facts = {"file": file, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        with filling(folder) as part:
            (part / file).write_bytes(data)
            (part / manifest_name(file)).write_text(manifest_json(model, form, **facts) + "\n", encoding="utf-8")
            (part / "README.md").write_text(readme(model, form, file), encoding="utf-8")
        notes = (f"signatures, input encoding and decision rule: README.md and {manifest_name(file)}",)
        return Artifact(self.name, model, board, Path(folder), Path(folder) / file, notes)

    def flash(self, artifact: Artifact, port: str | None = None, progress: Progress = silent) -> str:
        """Nothing is written: an interpreter reads the file. Raises FileError unless it is the one that was built."""
        digest = verify_file(artifact.main)
        return f"{artifact.main.name} is ready for any interpreter; verified: sha256 {digest[:16]} is the one built"

    def open(self, artifact: Artifact, port: str | None = None) -> Session:
        """Raises FileError where the file is not the one that was built, ToolError where the runtime is missing."""
        from edgesnn.targets.tflite.process import InterpreterProcess
        from edgesnn.targets.tflite.session import TfliteSession

        verify_file(artifact.main)
        runtime = artifact.board.facts[RUNTIME]
        python, how = (Path(sys.executable), LITERT_REMEDY) if runtime == LITERT else (second_python(), remedy())
        process = InterpreterProcess(python, runtime, artifact.main, how)
        return TfliteSession(artifact, process, artifact.board.facts[STATES])

    def storage(self, model: Model, board: Board) -> Mapping[str, Stored]:
        from edgesnn.targets.tflite.program import write_file
        from edgesnn.targets.tflite.stored import stored

        self._require_writer()
        return stored(model, write_file(model, board.facts[STATES]))

    def limits(self, board: Board) -> Limits:
        return Limits(notes=("files and single tensors stay under 2 GiB; memory is the device's",))

    def doctor(self) -> list[tuple[str, bool, str]]:
        return [litert_presence(), older_presence()]

    def _require_writer(self) -> None:
        what, present, how = litert_presence()
        if not present:
            raise ToolError(what, "is not installed, and it holds the file format", how)


def manifest_name(file: str) -> str:
    return f"{file}.json"


def verify_file(path: Path) -> str:
    """The sha256 of the file. Raises FileError where it differs from the one noted when it was built."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        noted = json.loads(path.with_name(manifest_name(path.name)).read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileError(str(path), f"the file or its manifest cannot be read ({error})", "Build it again") from error
    if digest != noted:
        raise FileError(str(path), "its content is not what was built", "Build it again")
    return digest


def litert_presence() -> tuple[str, bool, str]:
    try:
        return LITERT.replace("_", "-"), True, metadata.version("ai-edge-litert")
    except metadata.PackageNotFoundError:
        return LITERT.replace("_", "-"), False, LITERT_REMEDY


def older_presence() -> tuple[str, bool, str]:
    """tflite-runtime lives in the second environment."""
    what = OLDER.replace("_", "-")
    try:
        python = second_python()
        answer = subprocess.run(
            [str(python), "-E", "-c", ASK_VERSION], capture_output=True, text=True, timeout=VERSION_SECONDS, check=False
        )
    except (ToolError, OSError, subprocess.TimeoutExpired) as error:
        return what, False, error.remedy if isinstance(error, ToolError) else remedy()
    if answer.returncode:
        return what, False, remedy()
    return what, True, f"{answer.stdout.strip()} ({python})"
