"""Programs that keep what they have learned: stored over the link, there again after a reset, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edgesnn.errors import BoardError, FileError, LinkError, TargetError, UnsupportedModelError
from edgesnn.integer.learning import Layer, Learner, Pupil
from edgesnn.link import Device, Held, Status, Verb, open_port
from edgesnn.target import target
from edgesnn.targets.mcu import boards, codegen, elf, learner_build, sources
from edgesnn.targets.mcu.learning import McuLearningSession
from edgesnn.taught import Kept, Knowledge
from tests.link.test_device import ask
from tests.targets.mcu.conftest import TARGET
from tests.targets.mcu.emulated import Emulated
from tests.targets.mcu.learning.test_boards import M4, lessons, pupil, teach

STORING = ["host", "mps2-an385", "mps2-an386", "mps2-an500", "unicorn-m4"]


def opened(one: Pupil, board: str, folder: Path) -> McuLearningSession:
    session = TARGET.open_learner(one, TARGET.board(board), None, folder, stores=True)
    assert isinstance(session, McuLearningSession)
    return session


def same(session: McuLearningSession, learner: Learner) -> None:
    assert session.knowledge().difference(Knowledge.of(learner)) is None


@pytest.mark.parametrize(
    ("rule", "stochastic"), [("mpd-ed", False), ("std-ed", True), ("stdbp", False), ("stbp", True)]
)
def test_after_a_reset_it_goes_on_where_it_stored(rule: str, stochastic: bool, tmp_path: Path) -> None:
    """Weights, masters, thresholds, firing rates and counts are there without being asked for, and draws and halvings
    go on: what is learned then is what a reference without interruption learns. What was not stored is gone."""
    one = pupil(rule, stochastic)
    learner, samples = one.learner(), lessons(one, 40)
    facts = boards.facts_of(TARGET.board(M4))
    program = learner_build.build(one, facts, M4, tmp_path / "build", stores=True)
    board = Emulated(program, tmp_path)
    room = learner_build.room(one, facts, program)
    try:
        with McuLearningSession(one, Device(open_port(board.port), 30), room, lambda: None) as session:
            session.switch(True)
            teach(session, learner, samples[:17])
            assert session.store() == Kept(codegen.checksum(one), 1, 0, codegen.stored_bytes(one))
            for sample, label in samples[30:]:
                session.learn(sample, label)
            board.reset()
            same(session, learner)
            session.switch(True)
            teach(session, learner, samples[17:30])
            same(session, learner)
            assert learner.halvings > 1
            assert session.store().sequence == 1
            board.reset()
            same(session, learner)
    finally:
        board.close()


@pytest.mark.parametrize("board", STORING)
def test_what_a_program_stored_the_next_one_recalls(board: str, tmp_path: Path) -> None:
    """Where the board is a program of this computer, its flash is a file; half a sample that was shown is none."""
    one = pupil("mpd-ed", stochastic=True)
    learner, samples = one.learner(), lessons(one, 20)
    with opened(one, board, tmp_path) as session:
        session.switch(True)
        teach(session, learner, samples[:12])
        session.device.spikes([[1, 2], [3]])
        session.store()
    with opened(one, board, tmp_path) as session:
        same(session, learner)
        session.recall()
        assert Knowledge.of(session.reference()) == Knowledge.of(learner)
        session.switch(True)
        expected = session.expected([x for x, _ in samples[12:]], [label for _, label in samples[12:]])
        teach(session, learner, samples[12:])
        same(session, learner)
        assert expected[1].difference(Knowledge.of(learner)) is None
        session.forget()
        same(session, one.learner())
        session.recall()
        assert session.knowledge().tally["samples"] == 12


def test_boards_that_store_are_named() -> None:
    assert boards.storing() == STORING


@pytest.fixture(scope="module")
def on_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[McuLearningSession]:
    with opened(pupil("mpd-ed"), "host", tmp_path_factory.mktemp("kept") / "build") as session:
        yield session


def test_what_the_device_says_of_its_flash(on_host: McuLearningSession) -> None:
    one, device = on_host.pupil, on_host.device
    own = codegen.checksum(one)
    assert ask(device, Verb.RECALL) == (Status.NOT_STORED, b"")
    empty = device.stored()
    assert (empty.held, empty.sequence, empty.version, empty.network, empty.bytes) == (Held.NOTHING, 0, 0, 0, 0)
    assert empty.own == own
    with pytest.raises(TargetError, match=r"has stored nothing\. Name the network"):
        on_host.recall()
    device.store()
    found = device.stored()
    assert (found.held, found.version, found.network, found.bytes) == (Held.OWN, 1, own, codegen.stored_bytes(one))
    assert device.recall() == one.learning.seed
    for verb in (Verb.STORE, Verb.RECALL, Verb.STORED):
        assert ask(device, verb, b"\0")[0] == Status.BAD_LENGTH


def test_another_networks_is_not_recalled(tmp_path: Path) -> None:
    """The same sizes and name, but another seed: its number is told, and it starts from its first weights."""
    one = pupil("mpd-ed")
    other = replace(one, learning=replace(one.learning, seed=8))
    with opened(one, "host", tmp_path) as session:
        session.switch(True)
        teach(session, one.learner(), lessons(one, 9))
        session.store()
    with opened(other, "host", tmp_path) as session:
        same(session, other.learner())
        words = f"has stored what network {codegen.checksum(one):#010x} in version 1 learned, and runs network"
        with pytest.raises(TargetError, match=words):
            session.recall()
        same(session, other.learner())


def test_without_the_option_nothing_of_it_is_there(tmp_path: Path) -> None:
    """No source, no symbol, no verb; and an earlier build with it leaves nothing in the folder."""
    one, facts = pupil("mpd-ed"), boards.facts_of(TARGET.board(M4))
    learner_build.build(one, facts, M4, tmp_path, stores=True)
    program = learner_build.build(one, facts, M4, tmp_path)
    files = sources.c_files(tmp_path)
    assert not {"store", "loader"} & {path.parts[0] for path in files}
    names = {symbol.name for symbol in elf.read(program, files).symbols}
    assert not [name for name in names if name.startswith(("esnn_loader", "esnn_learned", "esnn_link_store"))]
    with TARGET.open_learner(one, TARGET.board("host"), None, tmp_path / "host") as session:
        assert isinstance(session, McuLearningSession)
        for verb in (Verb.STORE, Verb.RECALL, Verb.STORED):
            assert ask(session.device, verb)[0] == Status.BAD_VERB
        with pytest.raises(LinkError, match="does not know this request"):
            session.store()


def test_boards_without_flash_are_refused(tmp_path: Path) -> None:
    one = pupil("mpd-ed")
    for board in ("microbit", "netduinoplus2"):
        with pytest.raises(TargetError, match=rf"{board}: has no flash driver.* --save FILE, or learn on one of: host"):
            TARGET.open_learner(one, TARGET.board(board), None, tmp_path / board, stores=True)
    loihi = target("loihi")
    with pytest.raises(TargetError, match="has no flash to store what is learned"):
        loihi.open_learner(one, loihi.board(), None, tmp_path / "loihi", stores=True)
    assert list(tmp_path.iterdir()) == []


def test_what_is_larger_than_a_slot_is_refused() -> None:
    one, facts = pupil("mpd-ed"), boards.facts_of(TARGET.board("host"))
    tight = replace(facts, store=replace(facts.store, slot_bytes=1024))
    with pytest.raises(UnsupportedModelError, match=r"has 1,056 bytes to store, 64 more than a slot of host holds"):
        learner_build.check_store(one, tight, "host")
    learner_build.check_store(replace(one, layers=(Layer(one.layers[1].weight, 0),)), tight, "host")


def test_a_flash_of_another_board_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pupil.flash").write_bytes(bytes(5))
    with pytest.raises(FileError, match=r"pupil.flash: has 5 bytes, the board's flash 8,388,608"):
        opened(pupil("mpd-ed"), "host", tmp_path)


BAD_STORES = [
    ({"driver": "nor"}, "store.driver 'nor' is unknown"),
    ({"driver": None}, "store.slot_a without store.driver"),
    ({"slot_bytes": 1000}, "an address or size is no multiple of 1024"),
    ({"slot_b": 0x2100_0400}, "slot_b is not behind slot_a"),
    ({"kept_bytes": 0x0070_0000}, "slot_b is not behind slot_a within kept_bytes"),
    ({"slot_a": 0x203F_FC00, "kept_bytes": 0x0200_0000}, "the slots overlap RAM"),
]


@pytest.mark.parametrize(("change", "words"), BAD_STORES)
def test_wrong_tables_are_refused(change: dict[str, object], words: str) -> None:
    table = {**TARGET.board(M4).facts}
    table["store"] = {key: value for key, value in {**table["store"], **change}.items() if value is not None}
    with pytest.raises(BoardError, match=words):
        boards.parse(M4, table)
