"""Synapses in C on an emulated core: instructions by the width of weights, the kind of spikes and their rate.

    python benchmarks/kernels.py [--board NAME] [--json FILE]    a Cortex-M4 unless said

Deterministic. Random weights and inputs; a layer of 784 x 128 and a convolution 14 x 14 x 16 -> 32 (3 x 3, padded).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

from edgesnn.integer import Array, Model, Node
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Conv, Dense, Input, IntegrateFire, Membrane, Reshape
from edgesnn.target import target

BOARD = "mps2-an386"
GRIDS = {"8 bits": (8, False, None), "4 bits": (4, False, None), "4 bits without zero": (4, True, None),
         "2 bits": (2, False, None), "2 bits without zero": (2, True, None), "-1, 0, 1": (2, False, 1),
         "1 bit": (1, True, None)}  # fmt: skip
"""Bits, whether zero is missing, largest magnitude where less than the bits allow."""
SOURCES = {"spikes": (0, 1), "ternary spikes": (-1, 1), "int8": (-7, 7)}
RATES = (0.1, 0.4)


def weights(rng: np.random.Generator, grid: str, *shape: int) -> dict[str, object]:
    bits, zero_free, largest = GRIDS[grid]
    high = 1 << bits - 1 if largest is None else largest + 1
    low = -high if largest is None else -largest
    codes = rng.integers(low, high, shape)
    return {"weight": 2 * codes + 1 if zero_free else codes, "weight_bits": bits, "zero_free": zero_free}


def layers(grid: str) -> dict[str, tuple[tuple[int, ...], Operator]]:
    rng = np.random.default_rng(0)
    dense = Dense(**weights(rng, grid, 128, 784))  # type: ignore[arg-type]
    conv = Conv(**weights(rng, grid, 32, 16, 3, 3), padding=(1, 1, 1, 1))  # type: ignore[arg-type]
    return {"dense": ((784,), dense), "conv": ((16, 14, 14), conv)}


def model_of(shape: tuple[int, ...], op: Operator, low: int, high: int) -> Model:
    outputs = 128 if len(shape) == 1 else 32 * 14 * 14
    nodes = (
        Node("x", Input(shape, low, high)), Node("layer", op, ("x",)), Node("fire", IntegrateFire(1 << 14), ("layer",)),
        Node("flat", Reshape((outputs,)), ("fire",)), Node("head", Dense(np.ones((2, outputs), int)), ("flat",)),
        Node("scores", Membrane(), ("head",)),
    )  # fmt: skip
    return Model("bench", nodes, 1)


def inputs(model: Model, rate: float) -> Array:
    rng = np.random.default_rng(1)
    low, high = model.input_op.low, model.input_op.high
    values = np.setdiff1d(np.arange(low, high + 1), [0])
    active = rng.random((1, 1, *model.input.shape)) < rate
    return np.where(active, rng.choice(values, active.shape), 0)


def measure(model: Model, prefer_speed: bool, name: str = BOARD) -> list[float]:
    """Instructions of the layer at each rate, on the board of that name."""
    mcu = target("mcu")
    board = mcu.board(name)
    if prefer_speed:
        board = board.__class__(board.name, board.description, board.emulated, {**board.facts, "prefer": "speed"})
    with tempfile.TemporaryDirectory() as folder:
        artifact = mcu.build(model, board, Path(folder) / "build")
        with mcu.open(artifact) as session:
            return [session.cost(inputs(model, rate)).layers["layer"].instructions or 0.0 for rate in RATES]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--board", default=BOARD)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    rows = []
    print(f"{'layer':6s} {'inputs':15s} {'weights':21s} {'':>5s}  instructions at rates {RATES}, times those of 8 bits")
    for source, (low, high) in SOURCES.items():
        reference: dict[str, list[float]] = {}
        for grid in GRIDS:
            for kind, (shape, op) in layers(grid).items():
                for prefer in ("flash", "speed") if GRIDS[grid][2] else ("flash",):
                    counts = measure(model_of(shape, op, low, high), prefer == "speed", options.board)
                    base = reference.setdefault(kind, counts)
                    ratios = "  ".join(f"{n:9,.0f} ({n / m:4.2f})" for n, m in zip(counts, base, strict=True))
                    print(f"{kind:6s} {source:15s} {grid:21s} {prefer if GRIDS[grid][2] else '':>5s}  {ratios}")
                    row = {"layer": kind, "inputs": source, "weights": grid, "prefer": prefer}
                    rows += [row | {"rate": rate, "instructions": n} for rate, n in zip(RATES, counts, strict=True)]
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
