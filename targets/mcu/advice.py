"""What would make a model fit: savings computed from its layout, boards that have enough, a command that searches.

Savings count data only, in proportion to bits and channels, and are said to be "about": words are filled up, and other
widths take other kernels. What accuracy they cost is not known here; `edgesnn fit` finds out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgesnn.integer import Model
from edgesnn.target import Stored
from edgesnn.targets.mcu.codegen import Layout
from edgesnn.targets.mcu.stored import stored, weight_count
from edgesnn.zoo import zoo

WEIGHT_BITS = (4, 2, 1)
STATE_BITS = (16, 8, 4, 2)
KEPT = (75, 50, 25)
MOST_BOARDS = 3


@dataclass(frozen=True)
class Change:
    """Something that saves about so many bytes."""

    what: str
    saved: int


def flash_changes(model: Model, layout: Layout) -> list[list[Change]]:
    """What would save flash, kind by kind, the smallest change first."""
    nodes = _stored(model, layout)
    bits = [
        Change(f"weights of {wanted} {'bits' if wanted > 1 else 'bit'}", sum(_saved_weights(n, wanted) for n in nodes))
        for wanted in WEIGHT_BITS
    ]
    return [bits, _fewer_channels(sum(node.weight_bytes for node in nodes))]


def ram_changes(model: Model, layout: Layout) -> list[list[Change]]:
    """What would save RAM. The readout's states stay as wide as they are."""
    nodes = _stored(model, layout)
    bits = [
        Change(f"states of {wanted} bits", sum(_saved_states(n, wanted) for n in nodes[:-1])) for wanted in STATE_BITS
    ]
    return [bits, _fewer_channels(layout.arena_bytes + sum(node.state_bytes for node in nodes[:-1]))]


def sentence(kinds: Sequence[Sequence[Change]], excess: int, sure: bool) -> str:
    """Of each kind the smallest change that is enough, or the one that saves most; empty where nothing saves anything.

    sure: whether `excess` is all that is missing, and not the least of it.

    >>> sentence([[Change("weights of 4 bits", 500), Change("weights of 2 bits", 750)]], 600, True)
    'weights of 2 bits would save about 750 bytes, which is enough'
    """
    said = []
    for kind in kinds:
        largest = max(kind, key=lambda change: change.saved)
        found = next((change for change in kind if change.saved >= excess), largest)
        if found.saved > 0:
            enough = "which is enough" if sure else "as much as is known to be missing"
            verdict = enough if found.saved >= excess else "not enough alone"
            said.append(f"{found.what} would save about {found.saved:,} bytes, {verdict}")
    return "; ".join(said)


def elsewhere(model: str, board: str, roomy: Sequence[str]) -> str:
    """Boards on which the model fits as it is, and the command that searches for one that fits here."""
    fits = f"As it is it fits on {', '.join(roomy[:MOST_BOARDS])}. " if roomy else ""
    known = model in zoo() and zoo()[model].recipe is not None
    name, job = (model, "") if known else ("JOB.toml", " (JOB: what it was trained by)")
    return f"{fits}`edgesnn fit {name} --board {board}` searches for the most accurate that fits here{job}"


def _stored(model: Model, layout: Layout) -> list[Stored]:
    return [stored(node, weight_count(model, node.name)) for node in layout.nodes]


def _saved_weights(node: Stored, bits: int) -> int:
    if node.weight_bits is None or node.weight_bits <= bits:
        return 0
    return round(node.weight_bytes * (1 - bits / node.weight_bits))


def _saved_states(node: Stored, bits: int) -> int:
    if node.state_bits is None or node.state_bits <= bits:
        return 0
    return round(node.state_bytes * (1 - bits / node.state_bits))


def _fewer_channels(scaled: int) -> list[Change]:
    """At the input and the output of a layer; weights between two such layers shrink by more than this."""
    return [Change(f"{kept} % of the channels", scaled * (100 - kept) // 100) for kept in KEPT]
