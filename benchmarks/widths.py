"""Synapses in C on the emulated Cortex-M4: instructions by the width of weights, the kind of spikes and their rate.

    python -m benchmarks.widths [--json FILE]

Deterministic. Random weights and inputs; a layer of 784 x 128 and a convolution 14 x 14 x 16 -> 32 (3 x 3, padded).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.single_layers import GRIDS, INT8, SPIKES, TERNARY, conv, costs, dense

BOARD = "mps2-an386"
LAYERS = {"dense": dense, "conv": conv}
SOURCES = {"spikes": SPIKES, "ternary spikes": TERNARY, "int8": INT8}
RATES = (0.1, 0.4)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    rows = []
    print(f"{'layer':6s} {'inputs':15s} {'weights':21s} {'':>5s}  instructions at rates {RATES}, times those of 8 bits")
    for source, values in SOURCES.items():
        reference: dict[str, list[float]] = {}
        for grid in GRIDS:
            for kind, layer in LAYERS.items():
                for prefer in ("flash", "speed") if GRIDS[grid][2] else ("flash",):
                    found = costs(layer(grid, values), BOARD, prefer, RATES)
                    counts = [cost.instructions or 0.0 for cost, _ in found]
                    base = reference.setdefault(kind, counts)
                    ratios = "  ".join(f"{n:9,.0f} ({n / m:4.2f})" for n, m in zip(counts, base, strict=True))
                    print(f"{kind:6s} {source:15s} {grid:21s} {prefer if GRIDS[grid][2] else '':>5s}  {ratios}")
                    row = {"layer": kind, "inputs": source, "weights": grid, "prefer": prefer}
                    rows += [row | {"rate": rate, "instructions": n} for rate, n in zip(RATES, counts, strict=True)]
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
