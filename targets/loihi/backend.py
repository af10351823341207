"""The Loihi target: fixed-point process networks in Lava."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from edgesnn.environments import remedy, second_python
from edgesnn.errors import EdgesnnError, TargetError, UnsupportedModelError
from edgesnn.integer import Model
from edgesnn.integer.learning import Pupil, model_of
from edgesnn.progress import Progress, silent
from edgesnn.target import Artifact, Board, Limits, Problem, Session, Stored, Target
from edgesnn.taught import LearningSession

if TYPE_CHECKING:
    from edgesnn.targets.loihi.network import Network

VERSION_SECONDS = 20.0

BOARDS = {
    board.name: board
    for board in (
        Board("lava-sim", "Lava's fixed-point simulation of Loihi 2 on this computer", True, {"microcode": True}),
        Board(
            "loihi2-stock",
            "The same simulation, refusing every neuron that a real Loihi 2 would need microcode for",
            True,
            {"microcode": False},
        ),
    )
}


class LoihiTarget(Target):
    """Runs a model as a network of Lava processes, bit for bit."""

    name = "loihi"
    description = "Intel Loihi 2, through Lava's fixed-point process models"
    default_board = "lava-sim"
    default_model = "q_snn_loihi"
    default_samples = 100
    learning_counts = "events"

    def boards(self) -> Mapping[str, Board]:
        return BOARDS

    def limits(self, board: Board) -> Limits:
        neurons = "any neuron" if board.facts["microcode"] else "stock leaky integrate-and-fire neurons only"
        return Limits(notes=(neurons, "weights of 8 bits with a shared exponent", "states of 24 bits"))

    def check(self, model: Model, board: Board) -> list[Problem]:
        from edgesnn.targets.loihi.network import network_of

        return problems_of(network_of(model), board)

    def storage(self, model: Model, board: Board) -> Mapping[str, Stored]:
        from edgesnn.targets.loihi.network import network_of
        from edgesnn.targets.loihi.stored import stored

        network = network_of(model)
        _refuse(network, board)
        return stored(network)

    def build(self, model: Model, board: Board, folder: Path) -> Artifact:
        """The bundle in `folder`. Raises UnsupportedModelError where `check` finds a problem, FileError."""
        from edgesnn.targets.loihi.bundle import write_bundle
        from edgesnn.targets.loihi.network import network_of

        network = network_of(model)
        _refuse(network, board)
        main = write_bundle(network, Path(folder))
        return Artifact(self.name, model, board, Path(folder), main, network.notes())

    def flash(self, artifact: Artifact, port: str | None = None, progress: Progress = silent) -> str:
        self._no_port(port)
        return f"Nothing to flash: {artifact.main.name} runs the network in Lava"

    def open(self, artifact: Artifact, port: str | None = None) -> Session:
        from edgesnn.targets.loihi.network import network_of
        from edgesnn.targets.loihi.session import LoihiSession

        self._no_port(port)
        second_python()
        if not artifact.main.is_file():
            raise TargetError(str(artifact.main), "is not there", "Build the model first")
        return LoihiSession(network_of(artifact.model), artifact.main)

    def open_learner(
        self, pupil: Pupil, board: Board, port: str | None, folder: Path, stores: bool = False
    ) -> LearningSession:
        from edgesnn.targets.loihi.learning.bundle import write_learner
        from edgesnn.targets.loihi.learning.learner import LastLayerLearner
        from edgesnn.targets.loihi.learning.session import LoihiLearningSession
        from edgesnn.targets.loihi.network import network_of

        self._no_port(port)
        if stores:
            raise TargetError(
                board.name, "has no flash to store what is learned", "Keep it on this computer with --save FILE"
            )
        learner = LastLayerLearner(pupil)
        network = network_of(model_of(pupil.name, pupil.layers, pupil.ticks))
        _refuse_learning(pupil, board)
        _refuse(network, board)
        second_python()
        return LoihiLearningSession(pupil, write_learner(network, learner, Path(folder)))

    def _no_port(self, port: str | None) -> None:
        if port is not None:
            raise TargetError(self.name, f"has no ports, so {port!r} means nothing", "Leave out --port")

    def doctor(self) -> list[tuple[str, bool, str]]:
        """Whether the second environment is there and which lava-nc it has."""
        try:
            python = second_python()
        except EdgesnnError as error:
            return [("lava-nc", False, error.remedy)]
        version = lava_version(python)
        return [("lava-nc", bool(version), version or remedy())]


def _refuse(network: Network, board: Board) -> None:
    """Raises UnsupportedModelError with the first problem, unless there is none."""
    for first in problems_of(network, board):
        raise UnsupportedModelError(first.where, f"{first.problem} [{first.rule}]", first.remedy)


def _refuse_learning(pupil: Pupil, board: Board) -> None:
    """Raises UnsupportedModelError on a board without microcode."""
    if not board.facts["microcode"]:
        raise UnsupportedModelError(
            pupil.name, "has neurons in its last layer that hand on errors, which stock neurons do not",
            "Use board lava-sim",
        )  # fmt: skip


def problems_of(network: Network, board: Board) -> list[Problem]:
    """What keeps a network from being exact, or from a board without microcode."""
    if board.facts["microcode"]:
        return list(network.problems)
    foreign = [
        Problem(
            group.name, "stock-neuron", group.reason,
            "Use a Lif as Loihi has it (docs/getting-started-loihi.md), or board lava-sim",
        )
        for group in network.groups
        if group.needs_microcode
    ]  # fmt: skip
    return [*network.problems, *foreign]


def lava_version(python: Path) -> str:
    """Version of lava-nc where `python` can import it; empty where it cannot."""
    import subprocess

    script = "import importlib.metadata as m, lava; print(m.version('lava-nc'))"
    try:
        done = subprocess.run(
            [str(python), "-E", "-s", "-c", script], capture_output=True, timeout=VERSION_SECONDS, text=True, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()[:40]
