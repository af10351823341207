"""What runs the file here: two runtimes, and where states live."""

from __future__ import annotations

from collections.abc import Mapping

from edgesnn.target import Board

RUNTIME, STATES = "runtime", "states"
LITERT, OLDER = "ai_edge_litert", "tflite_runtime"
OLDER_VERSION = "2.14"


def _board(name: str, description: str, runtime: str, states: str) -> Board:
    return Board(name, description, emulated=True, facts={RUNTIME: runtime, STATES: states})


BOARDS: Mapping[str, Board] = {
    board.name: board
    for board in (
        _board("litert", "LiteRT interpreter, states as inputs and outputs of `step`", LITERT, "explicit"),
        _board("litert-variables", "LiteRT interpreter, states in variables, `step` and `reset`", LITERT, "variables"),
        _board("tflite-runtime", f"TFLite {OLDER_VERSION} interpreter, the same file as litert", OLDER, "explicit"),
        _board(
            "tflite-runtime-variables",
            f"TFLite {OLDER_VERSION} interpreter, the same file as litert-variables",
            OLDER,
            "variables",
        ),
    )
}
