"""Where to spend bits: time steps, spikes or weights. Accuracy of one small network over a grid of (T, b_s, b_w).

    python -m benchmarks.bit_budget [--data mnist fashion-mnist] [--seeds N] [--samples N] [--epochs N] [--points I ...]
                                    [--out FILE.json]

Convolutions 1-16-32 (3x3, stride 2), each normalised and followed by integrate-and-fire neurons with soft reset and
spikes of b_s bits, and a fully connected layer of 10 outputs; all weights have b_w bits. Accuracy on the official test
data, which equals that of the integer model. Results go to FILE.json after every run, with a table beside it (.md); the
same command goes on where it stopped. Grid and expected accuracies are engineering estimates of ours; the claim behind
them (Shen et al., CVPR 2024) is that at an equal budget bits of spikes are worth more than time steps.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from edgesnn import datasets
from edgesnn.budget.bits import layers_of
from edgesnn.budget.measure import measure
from edgesnn.budget.rows import defined_row
from edgesnn.files import write_text
from edgesnn.integer import Encoding
from edgesnn.layers import GradedLif, Membrane, QuantConv2d, QuantInput, QuantLinear
from edgesnn.lower import lower
from edgesnn.samples import dataset_samples
from edgesnn.train.data import Split, splits
from edgesnn.train.loop import Trainer, evaluate
from edgesnn.train.recipe import Recipe

UNIT = 128
BATCH, LEARNING_RATE = 64, 1e-2
COUNTED = 500
"""Test samples on which events are counted."""


@dataclass(frozen=True)
class Point:
    """T, b_s, b_w, and what is expected of them in per cent, by data set."""

    steps: int
    spike_bits: int
    weight_bits: int
    mnist: float
    fashion: float

    @property
    def bit_budget(self) -> int:
        return self.steps * self.spike_bits * self.weight_bits

    def expected(self, data: str) -> float:
        return self.mnist if data == "mnist" else self.fashion


GRID = (
    Point(1, 1, 1, 95.0, 80.0),
    Point(1, 1, 4, 96.5, 83.0),
    Point(1, 2, 4, 97.3, 85.0),
    Point(2, 2, 4, 97.5, 85.5),
    Point(4, 1, 4, 97.3, 85.0),
    Point(4, 1, 8, 97.5, 85.5),
    Point(1, 4, 8, 98.0, 87.0),
)
RIVALS = ((3, 4), (6, 5))
"""Places in the grid: more spike bits, and more steps instead, at the same budget."""


class Network(nn.Module):
    """28x28 image to ten scores (T, batch, 10), 128 to the unit."""

    def __init__(self, point: Point) -> None:
        super().__init__()
        levels = (1 << point.spike_bits) - 1
        bits, grid = point.weight_bits, "binary" if point.weight_bits == 1 else "dual_scale"
        threshold = 2 * UNIT // (levels + 1)  # the levels reach as far as two units, wherever they are
        self.unit = UNIT
        self.image = QuantInput((1, 28, 28), point.steps, Encoding(shift=1))
        self.conv1 = QuantConv2d(1, 16, 3, 2, 1, weight_bits=bits, grid=grid, unit=UNIT, input_max=127)
        self.fire1 = GradedLif(threshold, point.spike_bits)
        self.conv2 = QuantConv2d(16, 32, 3, 2, 1, weight_bits=bits, grid=grid, unit=UNIT, input_max=levels)
        self.fire2 = GradedLif(threshold, point.spike_bits)
        self.head = QuantLinear(32 * 49, 10, bits, norm=True, unit=UNIT, input_max=levels, grid=grid)
        self.scores = Membrane()

    def forward(self, raw: Tensor) -> Tensor:
        x = self.fire2(self.conv2(self.fire1(self.conv1(self.image(raw)))))
        return self.scores(self.head(x.flatten(2)))  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Outcome:
    """One run. bit_budget: T b_s b_w; s_ace, ns_ace, rate and energies as `edgesnn budget` defines them."""

    data: str
    place: int
    steps: int
    spike_bits: int
    weight_bits: int
    bit_budget: int
    seed: int
    samples: int
    epochs: int
    accuracy: float
    s_ace: float
    ns_ace: float
    event_rate: float
    weight_bytes: int
    state_traffic_bytes: float
    energy_uj: float
    seconds: float


def train(place: int, data: str, seed: int, samples: int, epochs: int) -> Outcome:
    """Trains one point and measures its integer model."""
    start, point = time.monotonic(), GRID[place]
    torch.manual_seed(seed)
    network = Network(point)
    recipe = Recipe(data, epochs, BATCH, LEARNING_RATE, rate_weight=0.0, shift=0, limit=samples, seed=seed)
    fit, validation = splits(data, samples)
    Trainer(network, recipe, fit, validation.first(500)).train()
    model = lower(network, "bit_budget")
    images, labels = datasets.load(data, "test")
    counted = measure(model, dataset_samples(model, data, "test", COUNTED).x)
    row = defined_row(model, counted)
    assert row.effort is not None and row.memory is not None and row.energy is not None
    macs = sum(layer.macs * layer.steps for layer in layers_of(model))
    return Outcome(
        data, place, point.steps, point.spike_bits, point.weight_bits, point.bit_budget, seed, samples, epochs,
        evaluate(network, Split(torch.from_numpy(images.copy()), torch.from_numpy(labels.copy()))),
        row.effort.s_ace, row.effort.ns_ace, row.effort.syn_ops / macs, row.memory.weight_bytes,
        row.memory.state_traffic_bytes, row.energy.total, time.monotonic() - start,
    )  # fmt: skip


def table(outcomes: list[Outcome]) -> str:
    """Markdown: one line a point and data set, means and spread over seeds, and whether the claim holds."""
    lines = [
        "| data | T | b_s | b_w | BB | accuracy, % | seeds | expected | S-ACE | NS-ACE | event rate | weights, B "
        "| state traffic, B | energy, µJ |",
        "|" + "---|" * 14,
    ]
    groups: dict[tuple[str, int], list[Outcome]] = {}
    for outcome in sorted(outcomes, key=lambda item: (item.data, item.place, item.seed)):
        groups.setdefault((outcome.data, outcome.place), []).append(outcome)
    lines += [line(GRID[place], group) for (_, place), group in groups.items()]
    return "\n".join([*lines, "", *verdicts(groups)]) + "\n"


def line(point: Point, group: list[Outcome]) -> str:
    first = group[0]
    cells = [
        first.data, str(point.steps), str(point.spike_bits), str(point.weight_bits), str(point.bit_budget),
        spread(group), str(len(group)), f"{point.expected(first.data):g}", f"{first.s_ace:,.0f}",
        f"{mean(group, 'ns_ace'):,.0f}", f"{mean(group, 'event_rate'):.3f}", f"{first.weight_bytes:,}",
        f"{first.state_traffic_bytes:,.0f}", f"{mean(group, 'energy_uj'):.3g}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def spread(group: list[Outcome]) -> str:
    """Mean, and the standard deviation over seeds where there are several."""
    values = [100 * item.accuracy for item in group]
    return f"{statistics.mean(values):.2f}" + (f" ± {statistics.stdev(values):.2f}" if len(values) > 1 else "")


def mean(group: list[Outcome], name: str) -> float:
    return statistics.mean(float(getattr(item, name)) for item in group)


def verdicts(groups: dict[tuple[str, int], list[Outcome]]) -> list[str]:
    """For each pair of rivals that both have run: which one is more accurate, by the mean of its seeds."""
    found = []
    for data in sorted({data for data, _ in groups}):
        for spikes, steps in RIVALS:
            if (data, spikes) in groups and (data, steps) in groups:
                gain = 100 * (mean(groups[data, spikes], "accuracy") - mean(groups[data, steps], "accuracy"))
                found.append(
                    f"{data}, BB {GRID[spikes].bit_budget}: spike bits {gain:+.2f} points against time steps: "
                    f"the claim {'holds' if gain >= 0 else 'does not hold'}\n"
                )
    return found


def done(path: Path) -> list[Outcome]:
    return [Outcome(**item) for item in json.loads(path.read_text())] if path.is_file() else []


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", default=["mnist", "fashion-mnist"])
    parser.add_argument("--points", nargs="+", type=int, default=list(range(len(GRID))), metavar="I")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=15_000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("build") / "bench" / "bit_budget.json")
    options = parser.parse_args(arguments)
    outcomes = done(options.out)
    known = {(item.data, item.place, item.seed, item.samples, item.epochs) for item in outcomes}
    runs = [(place, data, seed) for data in options.data for place in options.points for seed in range(options.seeds)]
    for place, data, seed in runs:
        if (data, place, seed, options.samples, options.epochs) in known:
            continue
        outcomes.append(train(place, data, seed, options.samples, options.epochs))
        write_text(options.out, json.dumps([asdict(item) for item in outcomes], indent=1) + "\n")
        last = outcomes[-1]
        print(f"{data} {GRID[place]} seed {seed}: {100 * last.accuracy:.2f} %, {last.seconds:.0f} s", flush=True)
    chosen = [item for item in outcomes if (item.samples, item.epochs) == (options.samples, options.epochs)]
    write_text(options.out.with_suffix(".md"), table(chosen))
    print(table(chosen))


if __name__ == "__main__":
    main()
