"""UF2, the file that a board shown as a drive takes a program from (microsoft/uf2, README.md).

Blocks of 512 bytes, each with its address, so that they may arrive in any order between other files' sectors.
"""

from __future__ import annotations

import struct
from pathlib import Path

from edgesnn.targets.mcu.flash.image import Image, aligned

HEAD = struct.Struct("<8I")
FIRST_MAGIC, SECOND_MAGIC, LAST_MAGIC = 0x0A324655, 0x9E5D5157, 0x0AB16F30
FAMILY_GIVEN = 0x2000
BLOCK_BYTES, DATA_ROOM = 512, 476
PAGE_BYTES = 256  # of data in a block: what flash programs at once (RP2040 datasheet, 2.8.4.2 "UF2 format details")
SECTOR_BYTES = 4096  # erased at once: written whole, so that nothing of an older program stays between the pages


def encode(image: Image, family_id: int) -> bytes:
    """The file that puts an image into the flash of chips of that family."""
    pages = list(aligned(image.segments, SECTOR_BYTES).blocks(PAGE_BYTES))
    return b"".join(
        HEAD.pack(FIRST_MAGIC, SECOND_MAGIC, FAMILY_GIVEN, page.address, PAGE_BYTES, i, len(pages), family_id)
        + page.data.ljust(DATA_ROOM, b"\0")
        + LAST_MAGIC.to_bytes(4, "little")
        for i, page in enumerate(pages)
    )


def beside(program: Path) -> Path:
    """Where the file of a program lies."""
    return program.with_suffix(".uf2")
