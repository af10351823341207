"""The client of the STM32's bootloader against a byte-exact emulation of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from edgesnn.errors import EdgesnnError, FlashError, LinkError
from edgesnn.link.line import open_line
from edgesnn.targets.mcu.flash import pins
from edgesnn.targets.mcu.flash.rom import Rom, Timing
from edgesnn.targets.mcu.sectors import Sector
from tests.targets.mcu.flash.conftest import ORIGIN, QUICK, Bench, connected, stm32_facts
from tests.targets.mcu.flash.emulated_rom import ERASE, EXTENDED_ERASE
from tests.targets.mcu.flash.faults import drawn
from tests.targets.mcu.flash.programs import elf

PATIENT = Timing(answer_s=10.0, erase_s=10.0, settle_s=0.03)  # for what must succeed, however busy the machine
RUNS, BENCHES = 100, 8  # side by side: most of it is waiting for answers that do not come
IN_RESET = "7f7f7f"  # measured, then a pair that is no command
READY = "791f"

# What goes over the wire, from ST AN3155 sections 3.1 to 3.8, checksums by hand: command and complement, phases.
GOLDEN: list[tuple[str, Callable[[Rom], object], object, str, str]] = [
    ("version", Rom.version, "3.1", "01fe" * 2, "7931000079" * 2),
    ("id", Rom.chip_id, 0x421, "02fd" * 2, "7901042179" * 2),
    ("read", lambda rom: rom.read(0x0800_0000, 4), bytes.fromhex("00100020"), "11ee" "0800000008" "03fc",
     "79" "79" "79" "00100020"),
    ("write", lambda rom: rom.write(0x0800_1c00, bytes.fromhex("01020304")), None,
     "31ce" "08001c0014" "030102030407", "79" "79" "79"),
    ("erase", lambda rom: rom.erase(Sector(5, 0x0800_2000, 8192)), None, "00ff" * 2 + "44bb" "000000" "0505",
     "790b310001021121314463738292" "79" + "790b310001021121314463738292" "79" "79" "79"),
    ("go", lambda rom: rom.go(0x0800_0000), None, "21de" "0800000008", "79" "79"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "command", "answer", "sent", "said"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_every_command_as_the_application_note_has_it(
    chip: Bench, monkeypatch: pytest.MonkeyPatch, name: str, command: Callable[[Rom], object], answer: object,
    sent: str, said: str,
) -> None:  # fmt: skip
    wire: dict[str, bytes] = {"sent": b"", "said": b""}
    hear = chip.rom.hear

    def listening(data: bytes) -> bytes:
        heard = hear(data)
        wire["sent"] += data
        wire["said"] += heard
        return heard

    monkeypatch.setattr(chip.rom, "hear", listening)
    line = open_line(chip.port)
    try:
        rom = Rom(line, PATIENT)
        rom.synchronise()
        assert command(rom) == answer
    finally:
        line.close()
    assert (wire["sent"].hex(), wire["said"].hex()) == (IN_RESET + sent, READY + said)


def test_a_program_is_written_verified_and_started(chip: Bench) -> None:
    chip.rom.flash.content[0x1000] = 0x5A  # in a sector that the program does not touch
    said = chip.flash(PATIENT)
    assert "3,100 bytes in 4 sectors" in said
    assert "bootloader 3.1, verified by reading all of it back, and started" in said
    assert chip.holds_new
    assert chip.rom.flash.content[0x1000] == 0x5A
    assert chip.rom.started == ORIGIN


def test_progress_tells_what_is_done(chip: Bench) -> None:
    told: list[tuple[str, int, int | None]] = []
    chip.flasher(PATIENT).flash(chip.program, lambda *now: told.append(now))
    assert {stage for stage, _, _ in told} == {"erase", "write", "read back"}
    assert [done for stage, done, total in told if stage == "erase" and total == 4] == [0, 1, 2, 3]
    assert [done for stage, done, _ in told if stage == "write"] == list(range(13))


def test_an_older_bootloader_has_another_erase(chip: Bench) -> None:
    chip.rom.erase = ERASE
    chip.rom.power_up()
    try:
        chip.flash(PATIENT)
        assert chip.holds_new
    finally:
        chip.rom.erase = EXTENDED_ERASE


def test_another_chip_is_refused_before_anything_is_written(chip: Bench) -> None:
    chip.rom.chip_id = 0x431
    with pytest.raises(FlashError, match=r"the chip there is 0x431, small has 0x421; nothing is written"):
        chip.flash(PATIENT)
    assert chip.holds_old


def test_a_protected_chip_is_named(chip: Bench) -> None:
    chip.rom.protected = True
    with pytest.raises(FlashError, match=r"is refused: the chip is protected.*erases the chip") as caught:
        chip.flash(PATIENT)
    assert "whether the old program is still there is not known" in str(caught.value)
    assert chip.holds_old


def test_nothing_there_is_said_and_soon(chip: Bench) -> None:
    chip.rom.dead = True
    with pytest.raises(FlashError, match=r"no ROM bootloader answers. Let the chip start its ROM"):
        chip.flash(QUICK)
    assert chip.holds_old


def test_a_port_that_is_gone(chip: Bench) -> None:
    with pytest.raises(LinkError, match="/dev/none: cannot be opened"):
        type(chip.flasher())("small", stm32_facts(), "/dev/none").flash(chip.program)
    with pytest.raises(FlashError, match=r"none is named. Name it with --port"):
        type(chip.flasher())("small", stm32_facts(), None).flash(chip.program)


def test_a_program_for_another_place_is_refused(chip: Bench, tmp_path: Path) -> None:
    chip.program, right = elf(tmp_path / "far.elf", [(0x1000, 0x1000, b"12345678")]), chip.program
    try:
        with pytest.raises(FlashError, match=r"lies at 0x00001000 to 0x00001008, the flash of small at 0x08000000"):
            chip.flash(QUICK)
    finally:
        chip.program = right
    assert chip.holds_old


def test_a_terminal_has_no_pins_and_that_is_no_fault(chip: Bench) -> None:
    line = open_line(chip.port)
    try:
        assert not line.set_pin("dtr", True)
        pins.enter_rom(line, "!dtr", "rts")
    finally:
        line.close()


class Adapter:
    """A serial adapter's pins, and how they were moved."""

    def __init__(self) -> None:
        self.moves: list[tuple[str, bool]] = []

    def set_pin(self, pin: str, level: bool) -> bool:
        self.moves.append((pin, level))
        return True


def test_pins_reset_the_chip_into_its_rom_and_let_its_program_run() -> None:
    adapter = Adapter()
    pins.enter_rom(adapter, "!dtr", "rts")  # type: ignore[arg-type]
    assert adapter.moves == [("rts", True), ("dtr", False), ("dtr", True), ("rts", False)]
    adapter = Adapter()
    pins.release(adapter, "!dtr", "rts")  # type: ignore[arg-type]
    assert adapter.moves == [("rts", False), ("dtr", True)]
    pins.release(adapter, None, None)  # type: ignore[arg-type]
    assert len(adapter.moves) == 2


@pytest.mark.parametrize("write_bytes", [2, 8, 16, 32])
def test_flash_that_programs_other_widths_is_sealed_with_as_much(
    chip: Bench, write_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of what is written is one piece of flash, with the whole entry in it."""
    written: list[tuple[int, int]] = []
    program = chip.rom.flash.program

    def noting(address: int, data: bytes) -> None:
        written.append((address, len(data)))
        program(address, data)

    monkeypatch.setattr(chip.rom.flash, "program", noting)
    chip.flasher(PATIENT, write_bytes=write_bytes).flash(chip.program)
    assert chip.holds_new
    seal = max(8, write_bytes)
    assert (written[0], written[-1]) == ((ORIGIN + seal, 256 - seal), (ORIGIN, seal))
    assert all(size % max(write_bytes, 4) == 0 for _, size in written)


@pytest.mark.parametrize("left", ["31ce0800000008", "31ce080000000803", "44bb", "44bb0000"])
def test_finding_the_way_back_writes_and_erases_nothing(chip: Bench, left: str) -> None:
    """What fills up a phase that the chip was left in must never pass for data with a right check byte."""
    line = open_line(chip.port)
    try:
        rom = Rom(line, PATIENT)
        rom.synchronise()
        line.write(bytes.fromhex(left))
        rom.synchronise()
    finally:
        line.close()
    assert chip.holds_old


@pytest.mark.parametrize("left", ["", "7f", "31", "31ce", "31ce0800", "31ce0800000008", "31ce0800000008ff", "44bb00"])
def test_a_bootloader_left_in_the_middle_is_found_again(chip: Bench, left: str) -> None:
    """As an interrupted program of somebody else's would leave it."""
    chip.rom.hear(bytes.fromhex("7f" + left))
    chip.flash(QUICK)
    assert chip.holds_new


@pytest.mark.parametrize("work", [0, 1, 2, 3, 4, 5, 65, 66, 67, 400, 776, 777, 778, 779])
def test_a_power_cut_anywhere_leaves_the_old_program_the_new_one_or_none(chip: Bench, work: int) -> None:
    """4 sectors are erased and 775 words programmed, the first two of them last."""
    chip.rom.power_up(work_left=work)
    if work < 4 + 775:
        with pytest.raises(EdgesnnError):
            chip.flash()
    else:
        chip.flash()
    assert chip.holds_old or chip.holds_new or not chip.rom.flash.boots()
    assert chip.rom.flash.boots() == (work == 0 or work >= 4 + 775)
    chip.rom.power_up()
    chip.flash(PATIENT)
    assert chip.holds_new


@pytest.mark.parametrize(
    ("work", "state"),
    [(0, "whether the old program is still there is not known"), (1, "holds no program that starts until flashing"),
     (400, "holds no program that starts until flashing"), (777, "not read back to its last bytes"),
     (778, "not read back to its last bytes")],
)  # fmt: skip
def test_the_error_says_what_the_flash_holds(chip: Bench, work: int, state: str) -> None:
    chip.rom.power_up(work_left=work)
    with pytest.raises(FlashError, match=state):
        chip.flash()


def test_a_word_that_never_takes_is_never_success(chip: Bench) -> None:
    """A worn cell loses the same word of the program in every round."""
    chip.rom.flash.worn = frozenset([ORIGIN + 0x404])
    try:
        with pytest.raises(
            FlashError, match=r"256 bytes at 0x08000400 read back wrong; .*holds no program that starts"
        ):
            chip.flash(PATIENT)
    finally:
        chip.rom.flash.worn = frozenset()
    assert not chip.rom.flash.boots()


def outcome(chip: Bench) -> EdgesnnError | None:
    """The error that flashing ends in, or None."""
    try:
        chip.flash()
    except EdgesnnError as error:
        return error
    return None


def one_run(chip: Bench, seed: int) -> tuple[bool, set[str]]:
    """Whether flashing under the faults of this seed succeeded, and which of them happened."""
    chip.with_old_program()
    work_left = random.Random(seed).randrange(1600) if seed % 3 == 0 else None
    faults = drawn(seed)
    chip.rom.power_up(faults, work_left)
    error = outcome(chip)
    if error is None:
        assert chip.holds_new, f"seed {seed}: a false success"
    else:
        assert chip.port in str(error)
        assert chip.holds_old or chip.holds_new or not chip.rom.flash.boots(), f"seed {seed}: an unclear state"
    chip.rom.power_up()
    chip.flash(PATIENT)
    assert chip.holds_new, f"seed {seed}: not recovered"
    assert chip.rom.started == ORIGIN
    return error is None, set(faults.seen)


def test_random_faults_end_in_verified_success_or_a_clear_error(tmp_path: Path) -> None:
    def runs(bench: int) -> list[tuple[bool, set[str]]]:
        (folder := tmp_path / str(bench)).mkdir()
        with connected(folder) as chip:
            return [one_run(chip, seed) for seed in range(bench, RUNS, BENCHES)]

    with ThreadPoolExecutor(BENCHES) as pool:
        outcomes = [outcome for part in pool.map(runs, range(BENCHES)) for outcome in part]
    successes = sum(success for success, _ in outcomes)
    assert len(outcomes) == RUNS
    assert 20 <= successes <= RUNS - 20
    assert set.union(*(seen for _, seen in outcomes)) == {"to device", "to host", "refused", "silent", "not taken"}
