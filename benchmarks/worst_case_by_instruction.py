"""The worst case once more, instruction by instruction: how far it rests on which contents were tried together.

    python -m benchmarks.worst_case_by_instruction MODEL [--board NAME]

The bound of a layer is the most that it took with any of the contents tried (`edgesnn.targets.mcu.worst_case`). Here
every instruction counts as often as any of these contents made it run, and all are added up: what exceeds that makes
some single instruction run more often than any of them did. One step of each contents runs in an emulator of its own,
whose plugin counts; the board is one that QEMU emulates.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from edgesnn.integer import Model
from edgesnn.target import Artifact, target
from edgesnn.targets.mcu import boards, codegen, image, planted, worst_case
from edgesnn.targets.mcu.cycles import listing
from edgesnn.targets.mcu.cycles.listing import Listing
from edgesnn.targets.mcu.cycles.modelled import HOOK, OBSERVER
from edgesnn.targets.mcu.cycles.trace import Block, Windows, record
from edgesnn.targets.mcu.planted import Contents
from edgesnn.zoo import load

Runs = list[Counter[int]]
"""By window, how often the instruction at an address ran."""


def runs(blocks: Iterable[Block], code: Listing, windows: int) -> Runs:
    """What was executed, from the blocks that the emulator counted, which may overlap."""
    found: Runs = [Counter() for _ in range(windows)]
    for block in blocks:
        for instruction in code.following(block.address, block.instructions):
            found[block.window][instruction.address] += block.runs
    return found


def together(tried: Sequence[Runs]) -> list[tuple[int, int]]:
    """(the most that any one contents took, each instruction as often as any of them made it run), by window."""
    found = []
    for window in zip(*tried, strict=True):
        most: Counter[int] = Counter()
        for counts in window:
            most |= counts  # the larger of both, instruction by instruction
        found.append((max(counts.total() for counts in window), most.total()))
    return found


def tried_on(artifact: Artifact, model: Model) -> tuple[list[str], list[Runs]]:
    """(layers, what each contents made run in a step of each of them)."""
    facts = boards.facts_of(artifact.board)
    layout = codegen.generate(model, facts.prefer).layout
    code = listing.read(artifact.main, facts)
    layers = [node.name for node in image.observable(layout)]
    windows = Windows(code.function(f"{model.name}_step"), code.function(OBSERVER), len(layers) + 1)

    def step(contents: Contents) -> Runs:
        blocks = record(facts, artifact.main, windows, lambda device: planted.counts(device, layout, [contents]))
        return runs(blocks, code, windows.count)

    return layers, [step(contents) for contents in worst_case.contents(model, layout)]


def rows(layers: Sequence[str], tried: Sequence[Runs]) -> Mapping[str, tuple[int, int]]:
    """Both figures of each layer that costs anything, without its hook."""
    hook = len(HOOK)
    found = zip(layers, together(tried), strict=False)
    return {name: (one - hook, each - hook) for name, (one, each) in found if one > hook}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--board")
    options = parser.parse_args(arguments)
    mcu, model = target("mcu"), load(options.model)
    with tempfile.TemporaryDirectory() as folder:
        artifact = mcu.build(model, mcu.board(options.board), Path(folder) / "build")
        layers, tried = tried_on(artifact, model)
    found = {**rows(layers, tried)}
    found["all"] = tuple(np.sum(list(found.values()), axis=0).tolist())
    print(f"{model.name} on {artifact.board.name}: a step, {len(tried)} contents")
    print(f"{'':16s} {'most of one':>14s} {'each at most':>14s}")
    for name, (one, each) in found.items():
        print(f"{name:16s} {one:14,d} {each:14,d}  +{100 * (each / one - 1):.1f} %")


if __name__ == "__main__":
    main()
