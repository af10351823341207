"""What the sign of an input spike is worth: QT-SNN on ternary spikes, on ON and OFF channels, and without signs.

    python -m benchmarks.polarity [--recipe FILE.toml] [--epochs N] [--copies N] [--seeds N]

Three networks learn the spoken digits by the same recipe, but for fewer epochs and copies. "ternary": spikes as they
are. "on and off": a binary channel for each sign, with fewer hidden neurons, so that there are no more parameters. "no
sign": the spikes' places alone. Accuracy is the integer model's on the validation split after the last epoch.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from edgesnn.train.data import Split
from edgesnn.train.job import Job
from edgesnn.train.loop import Trainer

RECIPE = Path(__file__).parents[1] / "models" / "qt_snn" / "recipes" / "qt_snn.toml"


def on_and_off(spikes: Tensor) -> Tensor:
    return torch.cat([spikes == 1, spikes == -1], dim=2).to(spikes.dtype)


def same_size(inputs: int, hidden: Sequence[int], classes: int) -> list[int]:
    """Two hidden layers behind twice the inputs, narrower by one factor, with no more weights than `hidden` had."""
    first, second = hidden
    between, ends = first * second, 2 * inputs * first + second * classes
    weights = inputs * first + between + second * classes
    factor = (math.sqrt(ends * ends + 4 * between * weights) - ends) / (2 * between)
    return [int(size * factor) for size in hidden]


def trained(job: Job, splits: tuple[Split, Split], code: Callable[[Tensor], Tensor]) -> tuple[int, float]:
    """(weights, validation accuracy) of the job's network on recoded spikes."""
    fit, validation = (Split(code(split.samples), split.labels) for split in splits)
    network: nn.Module = job.build()
    accuracies = Trainer(network, job.recipe, fit, validation).train().accuracies
    return sum(p.numel() for p in network.parameters()), accuracies[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recipe", type=Path, default=RECIPE, help="of a QtSnn with two hidden layers")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--copies", type=int, default=2, help="of each recording, altered")
    parser.add_argument("--seeds", type=int, default=1)
    arguments = parser.parse_args()
    job = Job.load(arguments.recipe, epochs=arguments.epochs, copies=arguments.copies, whole=False)
    splits = job.splits()
    inputs = splits[0].samples.shape[2]
    narrower = same_size(inputs, job.network["hidden"], int(splits[0].labels.max()) + 1)
    controls: dict[str, tuple[Callable[[Tensor], Tensor], dict[str, object]]] = {
        "ternary": (lambda spikes: spikes, {}),
        "on and off": (on_and_off, {"inputs": 2 * inputs, "hidden": narrower}),
        "no sign": (torch.abs, {}),
    }
    for name, (code, sizes) in controls.items():
        for seed in range(arguments.seeds):
            recipe = dataclasses.replace(job.recipe, seed=seed)
            one = dataclasses.replace(job, recipe=recipe, network={**job.network, **sizes})
            weights, accuracy = trained(one, splits, code)
            print(f"{name:12s} seed {seed}  {weights:7d} weights  {100 * accuracy:6.2f} %", flush=True)


if __name__ == "__main__":
    main()
