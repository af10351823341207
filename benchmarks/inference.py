"""What the zoo's models cost on the emulated Cortex-M4: instructions counted, cycles modelled.

    python benchmarks/inference.py [--json FILE]

Deterministic: instructions and cycles of one inference, means over the first images of the packaged MNIST sample.
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
        cycles = profile.cycles.value if profile.cycles else None
        row = {"name": name, "core": "cortex-m4", "instructions": profile.instructions, "cycles_modelled": cycles}
        rows.append(row)
        shown = f"{cycles:12,.0f} cycles, modelled" if cycles is not None else "cycles not modelled"
        print(
            f"{name:18s} {profile.instructions:12,.0f} instructions  {shown}  {profile.flash_bytes:7,d} B flash  "
            f"{profile.ram_bytes:7,d} B RAM"
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
