"""Networks that learn on boards, over the link: the same weights as the reference, and no other inference build."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from elftools.elf.elffile import ELFFile

from edgesnn.errors import LinkError, TargetError, UnsupportedModelError
from edgesnn.integer import Array
from edgesnn.integer.learning import Layer, Learner, Learning, Pupil, learned, learner_of, model_of, pupil_of
from edgesnn.integer.learning_section import POTENTIALS
from edgesnn.link import Area, Learn, Mode, Status, Verb
from edgesnn.target import target
from edgesnn.targets.mcu import boards, codegen, learner_build, sources
from edgesnn.targets.mcu.learning import McuLearningSession, steps_of
from edgesnn.taught import Knowledge, LearningSession, Taught
from tests.link.test_device import ask
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.learning import host

M4 = "mps2-an386"
TICKS = 16
EVENTS = {"std-ed": 20, "mpd-ed": 20, "stdbp": 10, "stbp": 20}
"""Spikes of the hidden layer that are kept: some samples have more."""


def pupil(rule: str, stochastic: bool = False, name: str = "pupil") -> Pupil:
    """20-12-5 neurons that fire now and then; too many spikes for some samples."""
    rng = np.random.default_rng(3)
    unit = TICKS if rule == "stdbp" else 1
    layers = (
        Layer(rng.integers(-30, 60, (12, 20)), 90 * unit, 24),
        Layer(rng.integers(-60, 70, (5, 12)), 0 if rule in POTENTIALS else 60 * unit, 24),
    )
    section = Learning(
        rule, 4, 6, softness=6 if rule in POTENTIALS else 2, rate_target=4000, halve_every=9, stochastic=stochastic,
        events=EVENTS[rule], seed=7,
    )  # fmt: skip
    return Pupil(name, layers, 2 * TICKS if rule == "stdbp" else TICKS, section)


def lessons(of: Pupil, count: int, seed: int = 1) -> list[tuple[Array, int]]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        times = rng.integers(0, of.ticks + 6, of.inputs)
        x = times if of.learning.rule == "stdbp" else (times == np.arange(of.ticks)[:, None]).astype(np.int64)
        found.append((x, int(rng.integers(of.classes))))
    return found


def teach(session: LearningSession, learner: Learner, samples: list[tuple[Array, int]]) -> None:
    for sample, label in samples:
        assert session.learn(sample, label).decision == learner.learn(sample, label)


def afresh(session: LearningSession, sample: tuple[Array, int]) -> Taught:
    """What a device makes of its first sample."""
    session.forget()
    return session.learn(*sample)


@pytest.fixture(scope="module")
def on_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[McuLearningSession]:
    """mpd-ed as a process of this computer."""
    folder = tmp_path_factory.mktemp("host")
    with TARGET.open_learner(pupil("mpd-ed"), TARGET.board("host"), None, folder / "build") as session:
        assert isinstance(session, McuLearningSession)
        yield session


@pytest.mark.parametrize(
    ("rule", "stochastic"), [("mpd-ed", False), ("std-ed", True), ("stdbp", False), ("stbp", False)]
)
def test_the_board_learns_what_the_reference_learns(rule: str, stochastic: bool, tmp_path: Path) -> None:
    """On an emulated Cortex-M4; and instructions are counted, the same every time, of what is learned only."""
    one = pupil(rule, stochastic)
    samples = lessons(one, 30)
    with TARGET.open_learner(one, TARGET.board(M4), None, tmp_path / "build") as session:
        session.switch(True)
        learner = one.learner()
        teach(session, learner, samples)
        assert session.knowledge().difference(Knowledge.of(learner)) is None
        assert 0 < learner.tally.overruns < learner.tally.learned
        sample = next(sample for sample in samples if afresh(session, sample).learned)
        first = afresh(session, sample)
        assert afresh(session, sample) == first
        assert None not in (first.forward, first.backward, first.update)
        assert min(first.forward or 0, first.backward or 0, first.update or 0) > 100
        session.switch(False)
        said = session.learn(*sample)
        assert (said.learned, said.backward, said.update) == (False, 0, 0)
        room = session.room
    assert room.ram_bytes is not None
    assert room.learner_bytes - 64 <= room.ram_bytes <= room.learner_bytes + 8192


def test_switched_off_nothing_is_learned(on_host: McuLearningSession) -> None:
    """The weights stay, and decisions are the reference's; what was learned is forgotten on demand."""
    one, learner = on_host.pupil, on_host.pupil.learner()
    on_host.forget()
    on_host.switch(False)
    for sample, label in lessons(one, 10):
        assert on_host.learn(sample, label).decision == learner.infer(sample)
    assert on_host.knowledge().difference(Knowledge.of(learner)) is None
    on_host.switch(True)
    teach(on_host, learner, lessons(one, 10))
    assert on_host.knowledge().difference(Knowledge.of(learner)) is None
    difference = on_host.knowledge().difference(Knowledge.of(one.learner()))
    assert difference is not None and difference.startswith("weights: [0]")
    on_host.forget()
    assert on_host.knowledge().difference(Knowledge.of(one.learner())) is None


def test_dense_steps_and_runs_are_of_the_learned_network(on_host: McuLearningSession) -> None:
    """LOAD and STEP, as for any model, and spikes cut anywhere, give the same decision."""
    one, learner, device = on_host.pupil, on_host.pupil.learner(), on_host.device
    on_host.forget()
    on_host.switch(True)
    teach(on_host, learner, lessons(one, 10))
    on_host.switch(False)
    for sample, _ in lessons(one, 4, seed=5):
        device.reset()
        for step in sample:
            device.load(step)
            result = device.step(Mode.NONE)
        _, _, scores = learner.forward(sample)
        assert result.output.tolist() == scores.tolist()  # type: ignore[union-attr]
        assert result.decision == learner.infer(sample)  # type: ignore[union-attr]
        steps = steps_of(one, sample)
        device.reset()
        device.spikes(steps[:5])
        device.spikes([[]] * (5 - len(trimmed(steps[:5]))) + steps[5:])
        assert device.label(0).decision == learner.infer(sample)


def trimmed(steps: list[list[int]]) -> list[list[int]]:
    """Without the silent steps at the end, which `spikes` leaves out."""
    while steps and not steps[-1]:
        steps = steps[:-1]
    return steps


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        (Verb.SPIKES, b"\1\1\x14\0", Status.BAD_INPUT),  # input 20 of 20
        (Verb.SPIKES, b"\2\1\5\0\5\0", Status.BAD_INPUT),  # twice in a step
        (Verb.SPIKES, b"\1\0\7\0\1\1\3\0", Status.BAD_INPUT),  # falling, over two records
        (Verb.SPIKES, b"\2\1\5\0\6", Status.BAD_LENGTH),
        (Verb.SPIKES, b"\0", Status.BAD_LENGTH),
        (Verb.LABEL, b"\5\0", Status.BAD_RANGE),
        (Verb.LABEL, b"\5", Status.BAD_LENGTH),
        (Verb.LEARNING, b"\3", Status.BAD_RANGE),
        (Verb.LEARNING, b"", Status.BAD_LENGTH),
    ],
)
def test_what_makes_no_sample_is_refused(on_host: McuLearningSession, verb: Verb, body: bytes, status: Status) -> None:
    on_host.device.reset()
    assert ask(on_host.device, verb, body)[0] == status


def test_a_sample_has_one_label(on_host: McuLearningSession) -> None:
    """A second one is refused; more steps than a sample has change nothing; areas end where they end."""
    device = on_host.device
    device.reset()
    device.learning(Learn.OFF)
    device.spikes([[1, 2]] * (TICKS + 50))
    decision = device.label(1).decision
    assert decision == on_host.pupil.learner().infer(hit())
    assert ask(device, Verb.LABEL, b"\1\0")[0] == Status.NOT_NOW
    for area in (Area.WEIGHTS, Area.MASTERS, Area.THRESHOLDS, Area.TALLY):
        with pytest.raises(LinkError, match="out of range"):
            device.read(area, 1 << 20, 1)


def hit() -> Array:
    """Inputs 1 and 2 at every step."""
    x = np.zeros((TICKS, 20), np.int64)
    x[:, 1:3] = 1
    return x


def test_other_builds_do_not_know_of_learning(tmp_path: Path) -> None:
    """A model with and without its learning section is the same program, byte for byte, and refuses to learn."""
    network = pupil("mpd-ed")
    plain = model_of("plain", network.layers, network.ticks)
    programs = []
    for index, model in enumerate((plain, plain.replace(learning=network.learning))):
        artifact = TARGET.build(model, TARGET.board(M4), tmp_path / str(index))
        programs.append(loaded(artifact.main))
    assert programs[0] == programs[1]
    with TARGET.open(artifact) as session:
        for verb in (Verb.SPIKES, Verb.LABEL, Verb.LEARNING):
            assert ask(session.device, verb)[0] == Status.BAD_VERB  # type: ignore[attr-defined]
        with pytest.raises(LinkError, match="out of range"):
            session.device.read(Area.WEIGHTS, 0, 1)  # type: ignore[attr-defined]


def loaded(program: Path) -> list[tuple[int, int, bytes]]:
    """Address, bytes in memory, and content of all that is loaded."""
    with program.open("rb") as file:
        segments = list(ELFFile(file).iter_segments("PT_LOAD"))  # type: ignore[no-untyped-call]
        return [(part["p_vaddr"], part["p_memsz"], part.data()) for part in segments]


def test_a_learned_model_is_a_model() -> None:
    one = pupil("mpd-ed")
    model = model_of("digits", one.layers, one.ticks).replace(learning=one.learning)
    assert pupil_of(model).layers[1].threshold == 0
    learner = learner_of(model)
    for sample, label in lessons(one, 20):
        learner.learn(sample, label)
    assert learned(model, learner) != model


def test_what_does_not_fit_is_refused() -> None:
    one = pupil("mpd-ed")
    wide = replace(one, layers=(Layer(np.ones((100, 300), int), 9, 24), Layer(np.ones((5, 100), int), 0)))
    tiny = boards.facts_of(TARGET.board("microbit"))
    with pytest.raises(UnsupportedModelError, match=r"bytes of RAM to learn, .* more than microbit has"):
        learner_build.check(wide, tiny, "microbit")
    near = replace(one, learning=replace(one.learning, input_events=320, events=511, stochastic=True))
    tight = replace(tiny, memory=replace(tiny.memory, ram_bytes=codegen.learner_ram_bytes(near) + 500))  # type: ignore[type-var]
    with pytest.raises(UnsupportedModelError, match=r"needs [\d,]+ bytes of RAM to learn"):
        learner_build.check(near, tight, "microbit")
    with pytest.raises(TargetError, match=r"does not learn\. Learn with --target mcu"):
        place = target("tflite")
        place.open_learner(one, place.board(), None, Path())
    with pytest.raises(LinkError, match="is a real board"):
        TARGET.open_learner(one, TARGET.board("nucleo-f446re"), None, Path())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layers": (Layer(np.ones((512, 3), int), 0),)}, "512 classes"),
        ({"layers": (Layer(np.ones((2, 3), int), 0),), "ticks": 1 << 15}, "32768 time steps"),
        ({"layers": (Layer(np.ones((5000, 3), int), 1), Layer(np.ones((2, 5000), int), 0))}, "5000 neurons"),
        ({"layers": (Layer(np.ones((2, 3), int), 0, 32),)}, "may leave 32 bits"),
        (
            {
                "learning": Learning("stbp"),
                "layers": (Layer(np.ones((512, 3), int), 1), Layer(np.ones((2, 512), int), 0)),
            },
            "a layer has more than 511 neurons",
        ),
    ],
)
def test_sums_that_leave_32_bits_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(UnsupportedModelError, match=words):
        codegen.learner_files(replace(pupil("mpd-ed"), **change))  # type: ignore[arg-type]


def test_the_counts_are_those_of_the_struct() -> None:
    from edgesnn.targets.mcu.learning import COUNTS

    header = (host.FIRMWARE / "include" / "edgesnn" / "learn.h").read_text()
    assert f"uint64_t {', '.join(COUNTS)};" in header
    assert tuple(host.counts_of(pupil("mpd-ed").learner())) == COUNTS


@pytest.mark.parametrize(
    ("compiler", "rule"), [("gcc", "mpd-ed"), ("clang", "std-ed"), ("clang", "stdbp"), ("gcc", "stbp")]
)
def test_compiles_without_a_warning(compiler: str, rule: str, tmp_path: Path) -> None:
    """The generated C, its runtime, and the link bound to it."""
    facts = boards.facts_of(TARGET.board("host"))
    codegen.write_files(codegen.learner_files(pupil(rule, stochastic=rule == "std-ed")), tmp_path / "model")
    sources.lay_out(tmp_path, sources.Bundle("pupil", 0, 1, streaming=False, learns=True), facts, "edgesnn test")
    files = [path for path in sources.c_files(tmp_path) if path.parts[0] in ("model", "link")]
    command = [compiler, *host.STRICT, "-fsyntax-only", "-iquote", ".", "-iquote", "model", *map(str, files)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
