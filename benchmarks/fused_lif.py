"""What the fused multi-step neuron costs beside the matrix products it sits between, and beside SpikingJelly.

    python benchmarks/fused_lif.py [--json FILE]

Forward and backward of 784-512-10, 16 time steps, batch 128, on the CPU. Best of interleaved rounds, because a shared
machine drifts and only ever adds time; the table shows ratios to the matrix products alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from edgesnn.layers import Reset
from edgesnn.layers.lif import FusedLif
from edgesnn.layers.surrogate import arctangent
from edgesnn.train.memory import keep_freed_memory

STEPS, BATCH, SIZES = 16, 128, (784, 512, 10)
ROUNDS = 15

Step = Callable[[], None]


def linears() -> tuple[nn.Linear, nn.Linear]:
    return nn.Linear(SIZES[0], SIZES[1], bias=False), nn.Linear(SIZES[1], SIZES[2], bias=False)


def training_step(forward: Callable[[Tensor], Tensor], parameters: list[nn.Parameter]) -> Step:
    generator = torch.Generator().manual_seed(0)
    x = (torch.rand(STEPS, BATCH, SIZES[0], generator=generator) < 0.1).float()
    target = torch.zeros(BATCH, SIZES[2])

    def step() -> None:
        for parameter in parameters:
            parameter.grad = None
        ((forward(x).mean(dim=0) - target) ** 2).mean().backward()

    return step


def products_alone() -> Step:
    first, second = linears()
    return training_step(lambda x: second(first(x)), [*first.parameters(), *second.parameters()])


def fused() -> Step:
    first, second = linears()

    def fire(x: Tensor) -> Tensor:
        return FusedLif.apply(x, 1.0, 0.5, Reset.SUBTRACT, True, arctangent)

    return training_step(lambda x: fire(second(fire(first(x)))), [*first.parameters(), *second.parameters()])


def spikingjelly() -> Step | None:
    if importlib.util.find_spec("spikingjelly") is None:
        return None
    from spikingjelly.activation_based import neuron, surrogate

    first, second = linears()
    neurons = [
        neuron.LIFNode(tau=2.0, decay_input=False, v_reset=None, surrogate_function=surrogate.ATan(), step_mode="m")
        for _ in range(2)
    ]

    def forward(x: Tensor) -> Tensor:
        for node in neurons:
            node.reset()
        return neurons[1](second(neurons[0](first(x))))

    return training_step(forward, [*first.parameters(), *second.parameters()])


def best(steps: dict[str, Step]) -> dict[str, float]:
    """Least seconds of each step, all measured in every round."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for round_number in range(ROUNDS + 2):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            if round_number >= 2:  # the first rounds warm up allocator and caches
                times[name].append(time.perf_counter() - start)
    return {name: min(values) for name, values in times.items()}


def measured(steps: dict[str, Step], threads: int) -> list[dict[str, object]]:
    """Ratios to the matrix products alone, all with that many threads."""
    torch.set_num_threads(threads)
    result = best(steps)
    floor = result["matrix products alone"]
    return [{"name": name, "threads": threads, "ratio": seconds / floor} for name, seconds in result.items()]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    keep_freed_memory()  # as training does; all rows gain from it
    steps: dict[str, Step] = {"matrix products alone": products_alone(), "edgesnn fused LIF": fused()}
    other = spikingjelly()
    if other is None:
        print("SpikingJelly is not installed (pip install spikingjelly): its row is left out")
    else:
        steps["SpikingJelly multi-step LIF"] = other
    rows = [row for threads in sorted({1, torch.get_num_threads()}) for row in measured(steps, threads)]
    for row in rows:
        print(f"{row['name']:30s} {row['threads']} threads {row['ratio']:5.2f} x")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
