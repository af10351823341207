"""Runs the zoo's models on the MNIST test images in every executor and demands equal integers.

    python scripts/equality.py [MODEL ...] [--samples N] [--few N]

Torch in eval mode, the reference interpreter and the generated C on this machine run --samples images (default
10,000); ONNX Runtime and TFLite run --few (default 1,000). Prints a table; exit code 1 if any score differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import edgesnn
from edgesnn import datasets
from edgesnn.integer import Array, Model, run
from edgesnn.target import target
from edgesnn.zoo import zoo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

Executor = Callable[[Array], Array]
"""Model input (samples, T, *shape) to final scores (samples, classes)."""


def torch_network(name: str, raw: Array) -> Array:
    """Scores of the trained torch network, from raw images."""
    import torch

    from edgesnn.train.job import pretrained

    network = pretrained(name)
    parts = []
    with torch.no_grad():
        for images in torch.from_numpy(raw).split(500):
            parts.append(network(images)[-1].double().numpy())
    return np.concatenate(parts)


def on_target(model: Model, name: str, board: str) -> Executor:
    place = target(name)

    def scores(x: Array) -> Array:
        with tempfile.TemporaryDirectory() as folder:
            artifact = place.build(model, place.board(board), Path(folder))
            with place.open(artifact) as session:
                return session.run(x)

    return scores


def in_onnx_runtime(model: Model) -> Executor:
    from tests.onnx_runtime import run as run_file

    return lambda x: run_file(model, x).output


def compare(name: str, raw: Array, few: int) -> bool:
    """Prints a line for each executor; whether all agree with the interpreter."""
    model = edgesnn.load(name)
    x = model.encode(raw)
    reference = run(model, x).output
    results = {
        "torch eval()": torch_network(name, raw),
        "C on this machine": on_target(model, "mcu", "host")(x),
        "ONNX Runtime": in_onnx_runtime(model)(x[:few]),
        "TFLite": on_target(model, "tflite", "litert")(x[:few]),
    }
    for executor, scores in results.items():
        equal = np.array_equal(scores, reference[: len(scores)])
        print(f"{name:14s} {executor:20s} {len(scores):6d} samples  {'equal' if equal else 'DIFFERENT'}", flush=True)
    return all(np.array_equal(scores, reference[: len(scores)]) for scores in results.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", default=sorted(zoo()))
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--few", type=int, default=1_000)
    arguments = parser.parse_args()
    raw, _ = datasets.load("mnist", "test", arguments.samples)
    verdicts = [compare(name, raw, arguments.few) for name in arguments.models]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
