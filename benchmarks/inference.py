"""What the zoo's models cost on the emulated Cortex-M4, counted in instructions.

    python benchmarks/inference.py [--json FILE]

Deterministic: instructions of one inference, mean over the first images of the packaged MNIST sample.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import edgesnn
from edgesnn.errors import UnsupportedModelError
from edgesnn.zoo import zoo

SAMPLES = 20


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    rows = []
    for name in sorted(zoo()):
        try:
            profile = edgesnn.profile(name, target="mcu", board="mps2-an386", samples=SAMPLES)
        except UnsupportedModelError as error:
            print(f"{name:14s} {error}")
            continue
        rows.append({"name": name, "core": "cortex-m4", "instructions": profile.instructions})
        print(
            f"{name:14s} {profile.instructions:12,.0f} instructions  {profile.flash_bytes:7,d} B flash  "
            f"{profile.ram_bytes:7,d} B RAM"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
