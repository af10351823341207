"""Flashing a board that shows itself as a USB drive and takes a UF2 file, as a Raspberry Pi Pico with BOOTSEL held."""

from __future__ import annotations

import os
from pathlib import Path

from edgesnn.errors import FileError, FlashError
from edgesnn.files import write_bytes
from edgesnn.progress import Progress, silent
from edgesnn.targets.mcu.flash import uf2
from edgesnn.targets.mcu.flash.flasher import Flasher

INFO = "INFO_UF2.TXT"
BOARD_ID = "Board-ID:"
MOUNTS = Path("/proc/mounts")
VOLUMES = Path("/Volumes")  # where macOS mounts drives
MOST_INFO_BYTES = 4096


class DriveFlasher(Flasher):
    """Copies the program's UF2 file to the drive. port: the drive's folder, where it is not to be looked for."""

    def prepare(self, program: Path) -> None:
        """Writes the UF2 file beside the program and reads it back, so that a user can carry it to the board."""
        assert self.facts.family_id is not None
        data, path = uf2.encode(self.image(program), self.facts.family_id), uf2.beside(program)
        write_bytes(path, data)
        if path.read_bytes() != data:
            raise FileError(str(path), "reads back wrong", "Choose another place")

    def flash(self, program: Path, progress: Progress = silent) -> str:
        self.prepare(program)
        file = uf2.beside(program)
        drive = self._drive(file)
        data = file.read_bytes()
        progress("write", 0, None)
        copy(drive, file.name, data)
        return (
            f"{file.name}: {len(data) // uf2.BLOCK_BYTES:,} blocks copied to {drive}; not verified: such a drive "
            "cannot be read back: the board's build hash is compared when it answers"
        )

    def _drive(self, file: Path) -> Path:
        """The folder to write to. Raises FlashError where there is none, more than one, or another board's."""
        if self.port is not None and Path(self.port).is_dir():
            found = board_id(Path(self.port))
            if found is None:
                raise FlashError(self.port, f"has no {INFO}, so it is no UF2 drive", "Name the drive's folder")
            if not self._fits(found):
                problem = f"is the drive of {found!r}, that of {self.board} is {self.facts.drive!r}; nothing is written"
                raise FlashError(self.port, problem, "Choose the right --board or drive")
            return Path(self.port)
        drives = [drive for drive in mounted() if self._fits(board_id(drive))]
        if len(drives) == 1:
            return drives[0]
        if drives:
            raise FlashError(
                self.board, f"{len(drives)} such boards are mounted", "Name the drive's folder with --port"
            )
        raise FlashError(
            self.board,
            "no drive of such a board is mounted",
            "Hold BOOTSEL while plugging it in and mount its drive; or copy the "
            f"{file.name} of `edgesnn build` to it, then `edgesnn verify`",
        )

    def _fits(self, found: str | None) -> bool:
        """Without a name in the board file, any UF2 drive will do."""
        return found is not None and self.facts.drive in (None, found)


def board_id(folder: Path) -> str | None:
    """What the drive says it is; None where the folder is no UF2 drive."""
    try:
        with (folder / INFO).open("rb") as file:
            lines = file.read(MOST_INFO_BYTES).decode("ascii", "replace").splitlines()
    except OSError:
        return None
    return next((line.removeprefix(BOARD_ID).strip() for line in lines if line.startswith(BOARD_ID)), "")


def mounted() -> list[Path]:
    """Folders at which drives are mounted."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return sorted(VOLUMES.iterdir()) if VOLUMES.is_dir() else []
    return [Path(_unescaped(line.split()[1])) for line in lines if len(line.split()) > 2 and line.split()[2] == "vfat"]


def copy(drive: Path, name: str, data: bytes) -> None:
    """Writes the file to the drive. The board restarts, and takes its drive away, once it has the last block."""
    written = 0
    try:
        with (drive / name).open("wb", buffering=0) as file:
            while written < len(data):
                written += file.write(data[written:])
            os.fsync(file.fileno())
    except OSError as error:
        if written == len(data) and board_id(drive) is None:
            return
        problem = f"{written:,} of {len(data):,} bytes could be written ({error.strerror or error})"
        raise FlashError(str(drive), problem, "Plug the board in again with BOOTSEL held, then flash again") from error


def _unescaped(path: str) -> str:
    r"""A path as /proc/mounts writes it: \040 for a space.

    >>> _unescaped(r"/media/a\040drive")
    '/media/a drive'
    """
    head, *rest = path.split("\\")
    return head + "".join(chr(int(part[:3], 8)) + part[3:] for part in rest)
