"""The file that is a board's flash where the board is a program of this computer: what is stored outlives it."""

from __future__ import annotations

from pathlib import Path

from edgesnn.errors import FileError
from edgesnn.targets.mcu.facts import BoardFacts

ENDING = ".flash"
VARIABLE = "ESNN_FLASH"  # in which a process finds the file's name


def file_for(program: Path, facts: BoardFacts) -> Path:
    """Beside the program; empty flash where there is none yet. Raises FileError where it cannot be made, or is of
    another size."""
    path, size = program.with_suffix(ENDING), facts.store.kept_bytes
    try:
        with path.open("ab") as file:
            if file.tell() == 0:
                file.truncate(size)  # zeros are no slot; they take no room on the disk
        found = path.stat().st_size
    except OSError as error:
        raise FileError(str(path), f"cannot be written ({error.strerror})", "Choose another folder") from error
    if found != size:
        raise FileError(str(path), f"has {found:,} bytes, the board's flash {size:,}", "Remove it, or name its board")
    return path


def qemu_arguments(facts: BoardFacts, kept: Path) -> list[str]:
    """The machine's own RAM, beside which code and data lie, in the file. A comma in a name is doubled."""
    name = str(kept).replace(",", ",,")
    memory = f"memory-backend-file,id=kept,size={facts.store.kept_bytes},mem-path={name},share=on"
    return ["-object", memory, "-machine", "memory-backend=kept"]


def emulator_arguments(facts: BoardFacts, kept: Path) -> list[str]:
    """Of `emulator/cortex_m`."""
    return ["--kept", str(facts.store.slot_a), str(kept)]
