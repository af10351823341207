"""The verbs of edgesnn for Python: what the command line does, returning frozen dataclasses."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from edgesnn import manifest, zoo
from edgesnn.checking import Check, check_choice, refuse
from edgesnn.choice import Choice, choose, choose_board, choose_model
from edgesnn.compression.api import compress as compress
from edgesnn.curriculum import FAINT, TICKS, baseline_of, model_with, new_pupil, pupil_of_model, rule_of_new
from edgesnn.deployment import Deployment, read_deployment
from edgesnn.errors import FileError
from edgesnn.files import filling, write_text
from edgesnn.integer import Array, Model
from edgesnn.integer import run as interpret
from edgesnn.integer.file import save as save_model
from edgesnn.integer.learning import Layer, Pupil
from edgesnn.lessons import lessons
from edgesnn.listening import Listening, hearing_front_end, listen_session, sounds_of
from edgesnn.predictions import Predictions, judge, outputs_of
from edgesnn.profiling import COST_SAMPLES, Profile, profile_session
from edgesnn.profiling.meters import Measurement, Meter, Protocol, measure, open_meter
from edgesnn.profiling.raster import raster
from edgesnn.progress import Progress, silent
from edgesnn.samples import find_samples, task_samples
from edgesnn.target import Artifact, Session
from edgesnn.teaching import Teaching, against, check_kept, check_labels, energy_source, teach_session
from edgesnn.verification import Verification, verify_session

ModelLike = Model | str | Path | None
"""A model, a zoo name, a model file, or None for the one of edgesnn.toml or the zoo's default."""
REFERENCE = "reference"


@dataclasses.dataclass(frozen=True)
class Metering:
    """A power meter to measure with: KIND:PORT, the supply's voltage where it does not measure it, and how to
    measure."""

    meter: str
    voltage_v: float | None = None
    protocol: Protocol = dataclasses.field(default_factory=Protocol)


def load(model: str | Path) -> Model:
    """The integer model of that zoo name or file. Raises ModelError or FileError."""
    return zoo.load(model)


def check(model: ModelLike = None, target: str | None = None, board: str | None = None) -> Check:
    """Everything that keeps the board from running the model exactly."""
    return check_choice(choose(model, target, board))


def build(
    model: ModelLike = None,
    target: str | None = None,
    board: str | None = None,
    out: Path | str | None = None,
    progress: Progress = silent,
) -> Artifact:
    """Files to take away, in `out` (default: build/MODEL-BOARD). Raises UnsupportedModelError, ToolError, FileError."""
    choice = choose(model, target, board)
    with artifact_of(choice, out or default_out(choice), progress) as artifact:
        return artifact


def flash(
    model: ModelLike = None,
    target: str | None = None,
    board: str | None = None,
    port: str | None = None,
    progress: Progress = silent,
) -> str:
    """Builds the model and puts it on the board; returns one line saying what was done and whether it was verified."""
    choice = choose(model, target, board, port)
    with artifact_of(choice, None, progress) as artifact:
        progress("flash", 0, None)
        return choice.target.flash(artifact, choice.port, progress)


def verify(
    model: ModelLike = None,
    target: str | None = None,
    board: str | None = None,
    port: str | None = None,
    samples: int | None = None,
    progress: Progress = silent,
) -> Verification:
    """Runs samples on the board and in the interpreter, and compares every integer the board shows."""
    choice = choose(model, target, board, port)
    chosen = task_samples(choice.model, samples if samples is not None else choice.target.default_samples)
    with session_of(choice, progress) as session:
        return verify_session(session, choice.target.name, choice.board.name, chosen, progress)[0]


def run(
    model: ModelLike = None,
    target: str | None = None,
    board: str | None = None,
    port: str | None = None,
    data: str | None = None,
    split: str = "test",
    limit: int | None = None,
    progress: Progress = silent,
) -> Predictions:
    """Decisions and accuracy on a data set (default: all of the model's own) or an .npz file.

    Without target and board the reference interpreter runs.
    """
    if target is None and board is None:
        chosen, _ = choose_model(model)
        samples = find_samples(chosen, data, split, limit)
        outputs = outputs_of(lambda x: interpret(chosen, x).output, samples, progress)
        return judge(outputs, chosen, REFERENCE, REFERENCE, samples)
    choice = choose(model, target, board, port)
    samples = find_samples(choice.model, data, split, limit)
    with session_of(choice, progress) as session:
        outputs = outputs_of(session.run, samples, progress)
    return judge(outputs, choice.model, choice.target.name, choice.board.name, samples)


def listen(
    model: ModelLike = None,
    target: str | None = None,
    board: str | None = None,
    port: str | None = None,
    wav: Path | str | None = None,
    data: str | None = None,
    split: str = "test",
    limit: int | None = None,
    chunk_ms: float = 15,
    real_time: bool = False,
    progress: Progress = silent,
) -> Listening:
    """Streams raw samples of a .wav file or a data set to the board, which runs the model's front end and the model.

    Raises ModelError where the model has no front end.
    """
    choice = choose(model, target, board, port)
    sounds = sounds_of(hearing_front_end(choice.model), None if wav is None else Path(wav), data, split, limit)
    with session_of(choice, progress) as session:
        return listen_session(session, (choice.target.name, choice.board.name), sounds, chunk_ms, real_time, progress)


def learn(
    model: ModelLike = None,
    rule: str | None = None,
    target: str | None = None,
    board: str | None = None,
    port: str | None = None,
    data: str = "mnist",
    split: str = "train",
    samples: int = 200,
    save: Path | str | None = None,
    new: Sequence[int] = (),
    constants: Mapping[str, int] | None = None,
    seed: int = 0,
    table: str | None = None,
    progress: Progress = silent,
    out: Path | str | None = None,
    store: bool = False,
    resume: bool = False,
    skip: int = 0,
    page: Path | str | None = None,
    baseline: bool = False,
) -> Teaching:
    """Teaches a model that learns, or a network of `new` sizes with random weights, on a board, sample by sample.

    constants: of the learning section, by name. save: a file for the model with what the board has learned. out: a
    folder for what is built, and for the flash of a board that is a program of this computer. store: at the end the
    board stores what it has learned; resume: it goes on from what it has stored. skip: samples before the first that
    is learned. page: a file for an HTML report. baseline: whether the surrogate-gradient baseline is taught the same
    samples on the same board, before; ConfigError where the rule has no counterpart in it.
    """
    chosen = None if new else choose_model(model)[0]
    place, chosen_board, port = choose_board(target, board, port)
    check_kept(store, resume, port, out)
    wanted = dict(constants or {})
    if chosen is None:
        rule = rule_of_new(rule)
        found = lessons(data, split, skip + samples, new[0])
        pupil = new_pupil(new, rule, wanted, found.samples(rule, TICKS[rule], faintest=FAINT), seed)
    else:
        pupil = pupil_of_model(chosen, rule, wanted)
        found = lessons(data, split, skip + samples, pupil.inputs)
    found = found.after(skip)
    check_labels(found, pupil.classes)
    if save is not None:
        model_with(chosen, pupil, pupil.layers)  # what has no proven ranges as a model is not learned first
    source = energy_source(place.name, chosen_board, table, place.learning_counts)
    other = baseline_of(pupil, new, found, seed) if baseline else None

    def taught(one: Pupil, kept: Path | str | None, stores: bool, resumes: bool) -> tuple[Teaching, tuple[Layer, ...]]:
        progress("build", 0, None)
        with (
            tempfile.TemporaryDirectory(prefix="edgesnn-") as folder,
            place.open_learner(
                one, chosen_board, port, Path(kept or Path(folder) / "build"), stores or resumes
            ) as session,
        ):
            return teach_session(session, place.name, chosen_board, found, source, progress, stores, resumes)

    # the baseline first: what the target cannot run is refused at once, and the board ends with what was asked for
    first = taught(other, None, False, False)[0] if other else None
    teaching, layers = taught(pupil, out, store, resume)
    teaching = against(teaching, first)
    if save is not None:
        save_model(model_with(chosen, pupil, layers), Path(save))
    if page is not None:
        write_lesson(teaching, page, progress)
    return teaching


def profile(
    model: ModelLike = None,
    target: str | None = None,
    board: str | None = None,
    port: str | None = None,
    samples: int | None = None,
    table: str | None = None,
    progress: Progress = silent,
    metering: Metering | None = None,
) -> Profile:
    """Memory, stack, instructions, activity and energy on samples of the model's task. `table`: an energy table.

    Raises MeterError where there is a power meter and what it captures cannot be trusted.
    """
    choice = choose(model, target, board, port)
    chosen = task_samples(choice.model, samples or COST_SAMPLES)
    with metered(metering) as meter, session_of(choice, progress) as session:
        measured = measurement_of(session, meter, metering, chosen.x, progress)
        progress("profile", 0, None)
        name, source = choice.target.name, chosen.source
        return profile_session(session, name, choice.board, chosen.x, source, table, measured)


def deploy(
    model: ModelLike = None,
    target: str | None = None,
    board: str | None = None,
    port: str | None = None,
    out: Path | str | None = None,
    samples: int | None = None,
    table: str | None = None,
    progress: Progress = silent,
    metering: Metering | None = None,
) -> Deployment:
    """Check, build, flash or start, verify, profile, report: files, result.json and report.html in `out`."""
    choice = choose(model, target, board, port)
    folder = Path(out or default_out(choice))
    chosen = task_samples(choice.model, samples if samples is not None else choice.target.default_samples)
    names = (choice.target.name, choice.board.name)
    with metered(metering) as meter, artifact_of(choice, folder, progress) as artifact:
        progress("start", 0, None)
        flashed = choice.target.flash(artifact, choice.port, progress)
        with choice.target.open(artifact, choice.port) as session:
            verification, outputs = verify_session(session, *names, chosen, progress)
            if not verification.exact:  # else the device has just given the reference's outputs
                outputs = outputs_of(session.run, chosen, progress)
            predictions = judge(outputs, choice.model, *names, chosen)
            measured = measurement_of(session, meter, metering, chosen.x, progress)
            progress("profile", 0, None)
            few = chosen.x[:COST_SAMPLES]
            costs = profile_session(
                session, names[0], choice.board, few, chosen.source, table, measured, extremes=False
            )
        deployment = Deployment.of(
            choice, artifact, flashed, verification, predictions, costs, raster(choice.model, chosen.x)
        )
    write_results(deployment, folder, progress)
    return deployment


def write_results(deployment: Deployment, folder: Path, progress: Progress = silent) -> None:
    """result.json and report.html."""
    from edgesnn.report import html

    progress("report", 0, None)
    write_text(folder / "result.json", deployment.to_text())
    write_text(folder / "report.html", html([deployment]))


def write_lesson(teaching: Teaching, page: Path | str, progress: Progress = silent) -> None:
    """The HTML report of what a device learned."""
    from edgesnn.report.lesson import page as page_of

    progress("report", 0, None)
    write_text(page, page_of(teaching))


def report(
    results: Sequence[Path | str] = (), out: Path | str = "report.html", progress: Progress = silent
) -> tuple[Deployment, ...]:
    """Saved results of `deploy` (folders or result.json files; default: all below build/) as one HTML page."""
    from edgesnn.report import html

    paths = [Path(path) for path in results] or sorted(path.parent for path in Path("build").glob("*/result.json"))
    if not paths:
        raise FileError("build", "no folder here holds a result.json", "Run `edgesnn deploy` first, or name folders")
    deployments = tuple(read_deployment(path) for path in paths)
    progress("report", 0, None)
    write_text(out, html(deployments))
    return deployments


def default_out(choice: Choice) -> Path:
    return Path("build") / f"{choice.model.name}-{choice.target.name}-{choice.board.name}"


@contextlib.contextmanager
def artifact_of(choice: Choice, out: Path | str | None, progress: Progress = silent) -> Iterator[Artifact]:
    """The built model: in `out`, where files appear only once all are there, or in a folder that vanishes again."""
    progress("check", 0, None)
    refuse(check_choice(choice))
    progress("build", 0, None)
    if out is None:
        with tempfile.TemporaryDirectory(prefix="edgesnn-") as folder:
            yield choice.target.build(choice.model, choice.board, Path(folder))
        return
    folder_out = Path(out).absolute()
    earlier = manifest.read(folder_out)
    with filling(folder_out) as part:
        made = choice.target.build(choice.model, choice.board, part)
        files = files_of(made)
        manifest.write(part, files)
    manifest.remove(folder_out, sorted(set(earlier) - set(files)))
    yield dataclasses.replace(made, folder=folder_out, main=folder_out / files[0], files=files)


def files_of(artifact: Artifact) -> tuple[str, ...]:
    """What was built, relative to the folder, the main file first."""
    main = str(artifact.main.relative_to(artifact.folder))
    found = sorted(str(path.relative_to(artifact.folder)) for path in artifact.folder.rglob("*") if path.is_file())
    return (main, *(name for name in found if name != main))


@contextlib.contextmanager
def metered(metering: Metering | None) -> Iterator[Meter | None]:
    """The power meter, if one is named; opened first, because it may be what supplies the board."""
    if metering is None:
        yield None
        return
    with open_meter(metering.meter, metering.voltage_v) as meter:
        yield meter


def measurement_of(
    session: Session, meter: Meter | None, metering: Metering | None, x: Array, progress: Progress
) -> Measurement | None:
    if meter is None or metering is None:
        return None
    return measure(session, meter, x, metering.protocol, progress)


@contextlib.contextmanager
def session_of(choice: Choice, progress: Progress = silent) -> Iterator[Session]:
    """A running device with the model on it. Nothing is written to flash: what a port's device runs is compared."""
    with artifact_of(choice, None, progress) as artifact:
        progress("start", 0, None)
        with choice.target.open(artifact, choice.port) as session:
            yield session
