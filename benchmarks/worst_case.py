"""Nothing exceeds what is said to be the worst case: instructions, stack and RAM over many inputs, made to exceed it.

    python -m benchmarks.worst_case MODEL [--board NAME] [--inputs N] [--seed N] [--json FILE]

MODEL is a zoo name or an integer model file, the board one that counts instructions. A quarter of the inputs is random
at all rates, a quarter as active as there is, but for a few values; half are bred: the costliest so far with a part
changed. There is no heap: RAM is what the linker gave. The stack's high-water mark is read from the device. Exits with
1 where anything is exceeded.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from edgesnn.integer import Array, Model
from edgesnn.target import target
from edgesnn.targets.mcu import counting
from edgesnn.targets.mcu.session import McuSession
from edgesnn.zoo import load

SHOWN = 1000
KEPT = 8


class Breeder:
    """Inputs that become costlier: `next` gives one, `told` says what it cost."""

    def __init__(self, model: Model, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        steps = 1 if model.encoding.repeat else model.time_steps
        self.shape = (steps, *model.input.shape)
        self.low, self.high, self.steps = model.input_op.low, model.input_op.high, model.time_steps
        self.costliest: list[tuple[int, int, Array]] = []

    def sample(self, number: int) -> Array:
        """(T, *input shape); the input's kind goes round with its number."""
        made = (self._random, self._full, self._bred, self._bred)[number % 4]()
        return np.broadcast_to(made, (self.steps, *self.shape[1:]))

    def told(self, number: int, sample: Array, cost: int) -> None:
        self.costliest = sorted([*self.costliest, (cost, number, sample[: self.shape[0]])], key=lambda item: -item[0])
        self.costliest = self.costliest[:KEPT]

    def _values(self) -> Array:
        ends = np.where(self.rng.random(self.shape) < self.rng.random(), self.high, self.low)
        return np.where(self.rng.random() < 0.5, ends, self.rng.integers(self.low, self.high + 1, self.shape))

    def _random(self) -> Array:
        silent = int(np.clip(0, self.low, self.high))
        return np.where(self.rng.random(self.shape) < self.rng.random(), self._values(), silent)

    def _full(self) -> Array:
        extreme = self.high if self.low >= 0 or self.rng.random() < 0.5 else self.low
        return np.where(self.rng.random(self.shape) < self.rng.random() ** 4, self._values(), extreme)

    def _bred(self) -> Array:
        if not self.costliest:
            return self._random()
        parent = self.costliest[int(self.rng.integers(len(self.costliest)))][2]
        return np.where(self.rng.random(self.shape) < self.rng.random() ** 3, self._random(), parent)


def inputs(session: McuSession, count: int, seed: int) -> Iterator[int]:
    """Instructions of one input after the other."""
    breeder = Breeder(session.model, seed)
    for number in range(count):
        sample = breeder.sample(number)
        cost = int(counting.totals(session, sample[None])[0])
        breeder.told(number, sample, cost)
        yield cost


def held(name: str, bound: int, most: int) -> bool:
    verdict = "holds" if most <= bound else "EXCEEDED"
    print(f"{name:13s} bound {bound:12,d}  most seen {most:12,d}  ({100 * most / bound:5.1f} %)  {verdict}")
    return most <= bound


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--board")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    mcu = target("mcu")
    model = load(options.model)
    with tempfile.TemporaryDirectory() as folder:
        artifact = mcu.build(model, mcu.board(options.board), Path(folder) / "build")
        with mcu.open(artifact) as session:
            assert isinstance(session, McuSession)
            worst = session.worst_case()
            if worst is None:
                raise SystemExit(f"{artifact.board.name} does not count instructions")
            costs = []
            for cost in inputs(session, options.inputs, options.seed):
                costs.append(cost)
                if len(costs) % SHOWN == 0:
                    print(f"{len(costs):,} inputs, at most {max(costs):,} instructions", flush=True)
            stack, static = (
                session.device.stack(),
                session.cost(np.zeros((1, 1, *model.input.shape), int) + model.input_op.low),
            )
    print(f"{model.name} on {artifact.board.name}: {len(costs):,} inputs")
    kept = [held("instructions", worst.instructions, max(costs))]
    if stack is not None and static.stack_bytes is not None:
        kept.append(held("stack bytes", static.stack_bytes, stack.used))
    print(f"RAM bytes     {static.ram_bytes:,}, all of it static")
    if options.json:
        row = {"model": model.name, "board": artifact.board.name, "inputs": len(costs), "most": max(costs)}
        options.json.write_text(json.dumps(row | {"bound": worst.instructions, "by": worst.by}, indent=1))
    raise SystemExit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
