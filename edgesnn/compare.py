"""Two runs of the same samples, compared for equality: spikes and states, layer by layer, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edgesnn.integer import Array, Run


@dataclass(frozen=True)
class Difference:
    """One integer that differs. `what` is "output" or a state's name; `index` is within the layer's tensor."""

    sample: int
    step: int
    layer: str
    what: str
    index: tuple[int, ...]
    expected: int
    actual: int

    def __str__(self) -> str:
        return (
            f"sample {self.sample}, step {self.step}, layer {self.layer}, {self.what}{list(self.index)}: "
            f"expected {self.expected}, got {self.actual}"
        )


def wrong_samples(expected: Run, actual: Run) -> Array:
    """Indices of the samples in which anything that both runs recorded differs."""
    wrong = (expected.output != actual.output).any(axis=1)
    for layer, trace in actual.traces.items():
        reference = expected.traces[layer]
        pairs = [(reference.output, trace.output)]
        pairs += [(reference.states[name], state) for name, state in trace.states.items()]
        for want, got in pairs:
            wrong |= (want != got).reshape(len(want), -1).any(axis=1)
    return np.flatnonzero(wrong)


def first_difference(expected: Run, actual: Run) -> Difference | None:
    """The earliest difference: lowest sample, then step, then layer in graph order."""
    candidates: list[tuple[tuple[int, int, int], Difference]] = []
    for order, (layer, trace) in enumerate(actual.traces.items()):
        reference = expected.traces[layer]
        pairs = [("output", reference.output, trace.output)]
        pairs += [(name, reference.states[name], state) for name, state in trace.states.items()]
        for what, want, got in pairs:
            found = _first(want, got)
            if found is not None:
                sample, step, *index = found
                difference = Difference(
                    sample, step, layer, what, tuple(index), int(want[tuple(found)]), int(got[tuple(found)])
                )
                candidates.append(((sample, step, order), difference))
    if candidates:
        return min(candidates, key=lambda pair: pair[0])[1]
    found = _first(expected.output, actual.output)
    if found is None:
        return None
    sample, *index = found
    wanted, given = int(expected.output[tuple(found)]), int(actual.output[tuple(found)])
    return Difference(sample, -1, "decision", "output", tuple(index), wanted, given)


def _first(want: Array, got: Array) -> list[int] | None:
    """Index of the first unequal element; for traces the order is sample, step, element."""
    if want.shape != got.shape:
        raise ValueError(f"shapes differ: {want.shape} and {got.shape}")
    position = np.argmax((want != got).ravel()) if want.size else 0
    if not want.size or want.ravel()[position] == got.ravel()[position]:
        return None
    return [int(i) for i in np.unravel_index(position, want.shape)]
