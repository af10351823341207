"""Which channels can go: SVS, magnitude and random pruning of a trained network, before any fine-tuning.

    python -m benchmarks.pruning [MODEL ...] [--ratio R] [--layers PATTERN ...] [--seeds N] [--test N]
                                 [--data FILE.npz] [--json FILE]

MODEL is a zoo name or a job's .json or .toml file with its .pt beside it (default: every zoo model that comes as
float weights and can be pruned). Each seed draws the training samples that SVS looks at, and the channels that random
pruning removes. Accuracy is the integer model's on test samples (with --data, on those held out of the file), with
statistics of normalisation as they were ("cut") and measured anew on the same training samples ("calibrated").
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from edgesnn import datasets
from edgesnn.compression.calibration import calibrate
from edgesnn.compression.source import Source, find_source
from edgesnn.prune import METHODS, last_convolution, prune
from edgesnn.structure.copying import copied
from edgesnn.structure.select import select_synapses
from edgesnn.train.data import Split, splits
from edgesnn.train.loop import evaluate

BATCHES, BATCH = 5, 128


@dataclass(frozen=True)
class Row:
    """Accuracies of one method on one network: one figure a seed."""

    model: str
    method: str
    ratio: float
    layers: tuple[str, ...]
    whole: float
    cut: tuple[float, ...]
    calibrated: tuple[float, ...]


def compare(source: Source, data: tuple[Split, Split], ratio: float, patterns: Sequence[str], seeds: int) -> list[Row]:
    """All methods on one network. data: (training samples, samples to judge by)."""
    spared = last_convolution(source.network)
    layers = [path for path in select_synapses(source.network, patterns) if path not in spared]
    whole = evaluate(source.network, data[1])
    rows = []
    for method in METHODS:
        found = [accuracies(source, data, method, ratio, layers, seed) for seed in range(seeds)]
        cut, calibrated = zip(*found, strict=True)
        rows.append(Row(source.name, method, ratio, tuple(layers), whole, cut, calibrated))
        print(line(rows[-1]), flush=True)
    return rows


def accuracies(
    source: Source, data: tuple[Split, Split], method: str, ratio: float, layers: list[str], seed: int
) -> tuple[float, float]:
    """(cut, calibrated) of one method and seed."""
    chosen = torch.randperm(len(data[0]), generator=torch.Generator().manual_seed(seed))[: BATCHES * BATCH]
    batches = [data[0].samples[part] for part in torch.split(chosen, BATCH)]
    network = copied(source.network)
    prune(network, method, ratio, layers, batches, seed)
    cut = evaluate(network, data[1])
    calibrate(network, batches)
    return cut, evaluate(network, data[1])


def line(row: Row) -> str:
    figures = f"cut {spread(row.cut)}  calibrated {spread(row.calibrated)}"
    return f"{row.model:16s} {row.method:10s} {100 * row.ratio:g} % of {', '.join(row.layers):20s} {figures}"


def spread(values: Sequence[float]) -> str:
    """Mean and standard deviation in percent."""
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{100 * statistics.mean(values):6.2f} +- {100 * deviation:5.2f} %"


def data_for(source: Source, given: str | None, count: int) -> tuple[Split, Split]:
    """Training samples, and the first `count` test samples; of one's own file, its held-out tenth."""
    if given is not None:
        return splits(given)
    samples, labels = datasets.load(source.training.dataset, "test", count)
    fit, _ = splits(source.training.dataset)
    return fit, Split(torch.from_numpy(samples.copy()), torch.from_numpy(labels.copy()))


def prunable() -> list[str]:
    """Models of the zoo with float weights and a convolution besides the first and the last."""
    from edgesnn.zoo import zoo

    names = [name for name, model in zoo().items() if model.recipe and model.path.with_suffix(".pt").is_file()]
    return [name for name in names if len(select_synapses(find_source(name).network, ["conv", "!first"])) > 1]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL")
    parser.add_argument("--ratio", type=float, default=0.5)
    parser.add_argument("--layers", nargs="+", default=["conv", "!first"], metavar="PATTERN")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--test", type=int, default=10_000, metavar="N", help="test samples to judge by")
    parser.add_argument("--data", metavar="FILE.npz")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    rows = []
    for name in options.models or prunable():
        source = find_source(name)
        data = data_for(source, options.data, options.test)
        print(f"{source.name}: {100 * evaluate(source.network, data[1]):.2f} % before pruning")
        rows += compare(source, data, options.ratio, options.layers, options.seeds)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()
