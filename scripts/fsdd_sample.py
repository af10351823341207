"""Cuts the packaged sample of the Free Spoken Digit Dataset: take 0 of every digit by three speakers.

python scripts/fsdd_sample.py ARCHIVE edgesnn/datasets/fsdd-sample
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from edgesnn.datasets import fsdd
from edgesnn.files import write_bytes

SPEAKERS = ("george", "jackson", "lucas")
DATE = (2020, 1, 1, 0, 0, 0)  # the same bytes every time


def main(archive: Path, folder: Path) -> None:
    members = fsdd.unpack(archive.read_bytes(), str(archive))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for speaker in SPEAKERS:
            for digit in range(10):
                name = f"{digit}_{speaker}_0.wav"
                entry = zipfile.ZipInfo(f"recordings/{name}", DATE)
                out.writestr(entry, members[name], zipfile.ZIP_DEFLATED, compresslevel=9)
    write_bytes(folder / "recordings.zip", packed.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
