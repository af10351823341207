"""The folder of a build: everything that the firmware is made of, so that a user can take it away.

model/   the generated C of the model and its kernels: all that an application of one's own needs
link/    the serial link      port/  start-up, UART, counter and linker script of the board
esnn_link_model.h  binds link and model      board.h, board.ld  the board file in C and for the linker      Makefile
loader/  in the place of model/, where the program is a board's second-stage loader
store/   with parts of loader/: keeps what a network has learned without power
"""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import edgesnn.firmware
from edgesnn.errors import FileError
from edgesnn.targets.mcu.facts import PINS, BoardFacts, Memory
from edgesnn.targets.mcu.pins import pin
from edgesnn.targets.mcu.store_facts import DRIVERS, StoreFacts

FIRMWARE = Path(edgesnn.firmware.__file__).parent
COUNTERS = ("cmsdk-timer", "systick", "icount", "minstret", "dwt", "cycles")
"""Parts of ports that a loader, which counts nothing, goes without: SysTick is its own."""
MODEL, LINK, PORT, LOADER, STORE, OBJECTS = "model", "link", "port", "loader", "store", "build"
BINDING = "esnn_link_model.h"
HEADER_FOLDERS = (Path(), Path(MODEL), Path(PORT) / "libc")
"""Where compilers look for headers, beside the folder of the file that includes them."""
# What the loader needs of the link: frames and repetitions, no model.
LOADER_LINK = (
    "crc32.c", "crc32.h", "frame.c", "frame.h", "link.c", "link.h", "port.h", "protocol.h", "verbs.h", "wire.h",
)  # fmt: skip
SLOTS = ("flash.h", "protocol.h", "slots.c", "slots.h")
"""What the store needs of the loader, beside a driver."""
LOADER_DRIVER = "ram"


@dataclass(frozen=True)
class Bundle:
    """What the link has to know of a model's generated C, which lies in the folder `model`."""

    name: str
    input_low: int
    input_high: int
    streaming: bool
    hears: bool = False
    """Whether the folder has a front end as well."""
    learns: bool = False
    """Whether the network goes on learning: then no layer can be observed."""
    stores: bool = False
    """Whether it keeps what it has learned in flash."""


def lay_out(folder: Path, bundle: Bundle, facts: BoardFacts, firmware: str) -> None:
    """Puts link, port and bindings beside the folder `model`, which is there already."""
    shutil.copytree(FIRMWARE / "link", folder / LINK)
    lay_out_port(folder, facts)
    if bundle.stores:
        lay_out_store(folder, facts.store)
    build = build_hash(folder / MODEL)
    (folder / BINDING).write_text(binding(bundle, build, firmware), encoding="ascii")


def lay_out_port(folder: Path, facts: BoardFacts, without: Sequence[str] = ()) -> None:
    """The board's port, all of whose folders become one but those it can do without, and what it has to know of the
    board."""
    for name in facts.port.folders:
        if name not in without:
            shutil.copytree(FIRMWARE / "ports" / name, folder / PORT, dirs_exist_ok=True)
    (folder / "board.h").write_text(board_header(facts), encoding="ascii")


def lay_out_loader(folder: Path, constants: Mapping[str, int], facts: BoardFacts) -> None:
    """The second-stage loader for a board whose memory is as `facts` say: the same port and frames, another purpose.

    constants: what its layout header defines.
    """
    (folder / LINK).mkdir(parents=True)
    for name in LOADER_LINK:
        shutil.copy(FIRMWARE / LINK / name, folder / LINK)
    lay_out_port(folder, facts, COUNTERS)
    others = [f"{driver}.c" for driver in DRIVERS if driver != LOADER_DRIVER]
    shutil.copytree(FIRMWARE / LOADER, folder / LOADER, ignore=shutil.ignore_patterns(*others))
    _write_layout(folder, constants)


def lay_out_store(folder: Path, facts: StoreFacts) -> None:
    """The two slots that keep what is learned, their driver, and where they are."""
    shutil.copytree(FIRMWARE / STORE, folder / STORE)
    (folder / LOADER).mkdir()
    for name in (*SLOTS, f"{facts.driver}.c"):
        shutil.copy(FIRMWARE / LOADER / name, folder / LOADER)
    slot = {"SLOT_A": facts.slot_a, "SLOT_B": facts.slot_b, "SLOT_BYTES": facts.slot_bytes}
    _write_layout(folder, {**slot, "RUN_BYTES": facts.slot_bytes})


def _write_layout(folder: Path, constants: Mapping[str, int]) -> None:
    lines = [f"#define ESNN_LOADER_{key} {value:#x}u" for key, value in constants.items()]
    (folder / "esnn_loader_layout.h").write_text(_header("ESNN_LOADER_LAYOUT_H", *lines), encoding="ascii")


def firmware_name() -> str:
    """What the firmware says it is."""
    try:
        return f"edgesnn {version('edgesnn')}"
    except PackageNotFoundError:
        return "edgesnn unknown"


def c_files(folder: Path) -> list[Path]:
    """All sources, relative to the folder, in the order in which they are linked."""
    return [
        path.relative_to(folder)
        for part in (PORT, LINK, LOADER, STORE, MODEL)
        for path in sorted((folder / part).rglob("*.c"))
    ]


def build_hash(folder: Path) -> bytes:
    """SHA-256 over names and contents of all files: what the firmware says it was built from."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.digest()


def binding(bundle: Bundle, build: bytes, firmware: str) -> str:
    """esnn_link_model.h: direct calls and constants, no table of pointers."""
    lower, upper = bundle.name, bundle.name.upper()
    steps = "0xffffffffu" if bundle.streaming else f"{upper}_TIME_STEPS"
    constants = {
        "MODEL_NAME": f'"{lower}"',
        "FIRMWARE": f'"{firmware}"',
        "BUILD_HASH": "{" + ", ".join(str(byte) for byte in build) + "}",
        "INPUT_LOW": f"({bundle.input_low})",
        "INPUT_HIGH": f"({bundle.input_high})",
        "INPUT_SIZE": f"{upper}_INPUT_SIZE",
        "OUTPUT_SIZE": f"{upper}_OUTPUT_SIZE",
        "TIME_STEPS": f"{upper}_TIME_STEPS",
        "MOST_STEPS": steps,
        "STATE_BYTES": "0" if bundle.learns else f"{upper}_STATE_BYTES",
        "NODES": f"({upper}_LAYERS + 1)" if bundle.learns else f"{upper}_NODES",
    }
    lines = [f"#define ESNN_LINK_{key} {value}" for key, value in constants.items()]
    verbs, headers = ["reset", "step", "decide"], [f'#include "{MODEL}/{lower}.h"']
    if bundle.hears:
        verbs += ["hear_reset", "hear", "hear_end"]
        headers.append(f'#include "{MODEL}/{lower}_front_end.h"')
        lines.append("#define ESNN_LINK_HEARS 1")
    if bundle.learns:
        verbs += ["start", "spikes", "end", "backward", "update", "weights", "masters", "thresholds", "tally"]
        lines += ["#define ESNN_LINK_LEARNS 1", "#define esnn_link_model_state() NULL"]
        lines += [f"#define ESNN_LINK_{size} {upper}_{size}" for size in ("LAYERS", "WEIGHTS", "MASTERS")]
    else:
        verbs.append("state")
    if bundle.stores:
        verbs.append("parts")
        lines += ["#define ESNN_LINK_STORES 1"]
        lines += [f"#define ESNN_LINK_{what} {upper}_{what}" for what in ("PARTS", "NETWORK")]
    lines += [f"#define esnn_link_model_{verb} {lower}_{verb}" for verb in verbs]
    return _header("ESNN_LINK_MODEL_H", *headers, *lines)


def board_header(facts: BoardFacts) -> str:
    """board.h: what a port needs to know of its board."""
    values: dict[str, int] = {"BAUD": facts.link.baud}
    for key, value in dataclasses.asdict(facts.port).items():
        if isinstance(value, int):
            values[key.upper()] = value
        elif key in PINS and value is not None:
            values[f"{key.upper()}_PORT"], values[f"{key.upper()}_PIN"] = pin(value)
    return _header("ESNN_PORT_BOARD_H", *(f"#define ESNN_PORT_{key} {value:#x}u" for key, value in values.items()))


def board_script(memory: Memory, stack_bytes: int) -> str:
    """board.ld: memories and the stack's size."""
    return (
        "MEMORY\n{\n"
        f"    FLASH (rx) : ORIGIN = {memory.flash_origin:#010x}, LENGTH = {memory.flash_bytes}\n"
        f"    RAM (rwx) : ORIGIN = {memory.ram_origin:#010x}, LENGTH = {memory.ram_bytes}\n"
        "}\n"
        f"esnn_board_stack_bytes = {stack_bytes};\n"
    )


def compile_flags(facts: BoardFacts) -> tuple[str, ...]:
    return (
        *facts.compiler.flags, "-DEDGESNN_OBSERVE", f"-DESNN_LINK_BODY_BYTES={facts.link.body_bytes}",
        *(("-DESNN_PORT_MARKER",) if facts.port.marker else ()), "-iquote", ".", "-iquote", MODEL,
    )  # fmt: skip


def compiler_words(facts: BoardFacts) -> tuple[str, ...]:
    """How the compiler is called on any computer that has it."""
    compiler = facts.compiler
    return (*(("python3", "-m", compiler.module) if compiler.module else (compiler.command,)), *compiler.arguments)


def makefile(program: str, files: Sequence[Path], facts: BoardFacts) -> str:
    """Builds the same program with make; CC chooses another compiler."""
    sources = " \\\n    ".join(path.as_posix() for path in files)
    return f"""# make: builds {program} from what lies in this folder.
CC = {" ".join(compiler_words(facts))}
CFLAGS = {" ".join(compile_flags(facts))}
LDFLAGS = {" ".join(facts.compiler.link_flags)}
LIBS = {" ".join(facts.compiler.libraries)}
SOURCES = {sources}
OBJECTS = $(SOURCES:%.c={OBJECTS}/%.o)

{program}: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $(OBJECTS) $(LIBS) -o $@

{OBJECTS}/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fdebug-prefix-map=$(CURDIR)=. -c $< -o $@

.PHONY: clean
clean:
	rm -rf {OBJECTS} {program}
"""


def _header(guard: str, *lines: str) -> str:
    return "\n".join((f"#ifndef {guard}", f"#define {guard}", "", *lines, "", "#endif", ""))


def clear(folder: Path) -> None:
    """Removes what an earlier build left, if there was one here. Raises FileError where it cannot."""
    if not (folder / BINDING).is_file():
        return  # somebody else's folders, whatever their names
    try:
        for part in (MODEL, LINK, PORT, LOADER, STORE, OBJECTS):
            if (folder / part).is_dir():
                shutil.rmtree(folder / part)
    except OSError as error:
        problem = f"an earlier build cannot be removed ({error})"
        raise FileError(str(folder), problem, "Choose another folder") from error
