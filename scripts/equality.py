"""Runs the zoo's models on the test samples of their tasks in every executor and demands equal integers.

    python scripts/equality.py [MODEL ...] [--samples N] [--few N] [--on PART ...]

Torch in eval mode, the reference interpreter and the generated C on this machine run --samples samples (default
10,000); ONNX Runtime, TFLite and the emulated Cortex-M4 run --few (default 1,000). A target that cannot run a model
exactly says why. --on: those executors alone whose names have the part, such as TFLite. Prints a table; exit code 1 if
any score differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import edgesnn
from edgesnn.errors import UnsupportedModelError
from edgesnn.integer import Array, Model, run
from edgesnn.samples import find_samples
from edgesnn.target import target
from edgesnn.zoo import zoo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

Executor = Callable[[Array], Array]
"""Model input (samples, T, *shape) to final scores (samples, classes)."""


def torch_network(model: Model) -> Executor:
    """The trained torch network."""
    import torch

    from edgesnn.train.job import pretrained

    network = pretrained(model.name)

    def scores(x: Array) -> Array:
        raw = (x[:, 0] if model.encoding.repeat else x) << model.encoding.shift
        parts = []
        with torch.no_grad():
            for some in torch.from_numpy(raw + model.encoding.offset).split(250):
                parts.append(network(some)[-1].double().numpy() * model.metadata.output_unit / network.unit)
        return np.concatenate(parts)

    return scores


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


def compare(name: str, samples: int, few: int, on: list[str]) -> bool:
    """Prints a line for each executor that is wanted; whether all agree with the interpreter."""
    model = edgesnn.load(name)
    x = find_samples(model, None, "test", samples).x
    reference = run(model, x).output
    executors = {
        "torch eval()": (torch_network(model), samples),
        "C on this machine": (on_target(model, "mcu", "host"), samples),
        "ONNX Runtime": (in_onnx_runtime(model), few),
        "TFLite": (on_target(model, "tflite", "litert"), few),
        "emulated Cortex-M4": (on_target(model, "mcu", "mps2-an386"), few),
    }
    wanted = {executor: how for executor, how in executors.items() if not on or any(part in executor for part in on)}
    verdicts = [agrees(name, executor, *how, x, reference) for executor, how in wanted.items()]
    return all(verdicts)


def agrees(name: str, executor: str, scores: Executor, samples: int, x: Array, reference: Array) -> bool:
    """Prints one executor's line; whether it gives the reference's scores, or refuses the model."""
    try:
        found = scores(x[:samples])
    except UnsupportedModelError as error:
        print(f"{name:22s} {executor:20s} refuses: {error}", flush=True)
        return True
    equal = np.array_equal(found, reference[:samples])
    print(f"{name:22s} {executor:20s} {len(found):6d} samples  {'equal' if equal else 'DIFFERENT'}", flush=True)
    return equal


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", default=sorted(zoo()))
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--on", nargs="+", default=[])
    arguments = parser.parse_args()
    verdicts = [compare(name, arguments.samples, arguments.few, arguments.on) for name in arguments.models]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
