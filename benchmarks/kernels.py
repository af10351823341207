"""Kernels on emulated boards: instructions, modelled cycles, and what a dense DSP kernel or we ourselves would want.

    python -m benchmarks.kernels [--json FILE] [--only TEXT]

Deterministic. Instructions are what the emulator executes; cycles are modelled from the core's documented timings
(docs/getting-started-mcu.md) and decide between kernels, because a load of many registers is one instruction only. The
reference is the instructions that the usual dense int8 kernels of a DSP library take for the same layer, whatever its
inputs.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.single_layers import NEURONS, conv, costs, dense, first_conv, lif
from edgesnn.files import write_text
from edgesnn.integer import Model
from edgesnn.target import target
from edgesnn.targets.mcu import boards
from edgesnn.targets.mcu.cycles import core_of, tables

M4, M55 = "mps2-an386", "mps3-an547"
DENSE = {M4: 194_600, M55: 48_800}
CONV = {M4: 1_929_640, M55: 296_700}
FIRST_CONV = {M4: 1_188_000}
"""Instructions of dense int8 kernels by board: SMLAD on the Cortex-M4, Helium on the Cortex-M55."""


FIVES = (
    "five to a byte: at least 7,100 at 10 %. To load a byte, to look its five digits up and to add them to fields\n"
    "    of 6 bits is 3 instructions, for 78 rows of 26 bytes; the fields hold 31 rows, then 26 words are widened,\n"
    "    6 each; the list takes 6 a row. Tried: digits by arithmetic, two bytes at once. The default takes 7,167"
)
"""Why ternary weights are not stored five to a byte where speed matters."""


@dataclass(frozen=True)
class Case:
    """A kernel at rates, the fractions of its inputs that are not zero, and what it should not exceed at each.

    prefer: what decides how weights are stored, as in a board file. wanted: instructions, wanted_cycles: cycles. bound:
    where that is missed, the least that the instruction set allows, and what was tried.
    """

    name: str
    model: Callable[[], Model]
    rates: tuple[float, ...]
    board: str = M4
    prefer: str = "speed"
    reference: int | None = None
    wanted: tuple[int | None, ...] = ()
    wanted_cycles: tuple[int | None, ...] = ()
    bound: str = ""

    def at_rate(self, place: int) -> str:
        """The name of the kernel at one of its rates."""
        kept = ", for flash" if self.prefer == "flash" else ""
        rate = f", {100 * self.rates[place]:.0f} %" if len(self.rates) > 1 else ""
        return f"{self.name}{kept}{rate}"


@dataclass(frozen=True)
class Row:
    """A kernel at one rate. cycles_modelled is the typical figure; None where the core has no table of timings."""

    name: str
    core: str
    instructions: float
    cycles_modelled: float | None
    reference: int | None


def dense_case(
    grid: str, board: str = M4, prefer: str = "speed", bound: str = "", **wanted: tuple[int | None, ...]
) -> Case:
    name = f"dense 784x128, {grid}"
    return Case(name, lambda: dense(grid), (0.1, 0.4), board, prefer, DENSE.get(board), bound=bound, **wanted)


def conv_case(grid: str, board: str = M4, prefer: str = "speed", **wanted: tuple[int | None, ...]) -> Case:
    return Case(
        f"conv 3x3 14x14x16->32, {grid}", lambda: conv(grid), (0.1, 0.4), board, prefer, CONV.get(board), **wanted
    )


def lif_case(leak: str, decay: int, board: str = M4, **wanted: tuple[int | None, ...]) -> Case:
    return Case(f"{NEURONS} leaky neurons, 16-bit state, {leak}", lambda: lif(decay), (0.5,), board, **wanted)


CASES = (
    dense_case("8 bits", wanted=(11_000, 43_000), wanted_cycles=(14_000, None)),
    dense_case("4 bits", wanted=(12_000, None)),
    dense_case("2 bits", wanted=(8_000, None)),
    dense_case("-1, 0, 1", wanted=(8_000, None)),
    dense_case("-1, 0, 1", prefer="flash", wanted=(8_000, None), bound=FIVES),
    dense_case("1 bit", wanted=(5_000, 13_000)),
    conv_case("8 bits", wanted=(140_000, 520_000)),
    conv_case("4 bits"),
    conv_case("2 bits"),
    conv_case("-1, 0, 1"),
    conv_case("-1, 0, 1", prefer="flash"),
    conv_case("1 bit", wanted=(90_000, None)),
    Case("conv 3x3 28x28x1->16 of an image, 8 bits", first_conv, (0.19, 1.0), M4, "speed", FIRST_CONV[M4],
         (260_000, 260_000)),
    lif_case("leak 1/2", 2048, wanted=(8 * NEURONS,)),
    lif_case("leak 1/4", 1024, wanted=(8 * NEURONS,)),
    lif_case("leak 1/8", 512, wanted=(8 * NEURONS,)),
    lif_case("leak 1/16", 256, wanted=(8 * NEURONS,)),
    lif_case("leak 1000/4096", 1000),
    lif_case("leak 3/4", 3072),
    dense_case("8 bits", M55, wanted=(3_600, None)),
    dense_case("4 bits", M55),
    dense_case("2 bits", M55),
    conv_case("8 bits", M55, wanted=(60_000, None)),
    lif_case("leak 1/2", 2048, M55, wanted=(2 * NEURONS,)),
    lif_case("leak 1/8", 512, M55, wanted=(2 * NEURONS,)),
)  # fmt: skip


def core(board: str) -> str:
    """The core of a board, as its compiler calls it."""
    return core_of(boards.facts_of(target("mcu").board(board))) or board


def rows_of(case: Case) -> Iterable[tuple[Row | None, str]]:
    """The rows of a case, and their lines in the table; a line without a row says a bound."""
    processor = core(case.board)
    for place, (cost, notes) in enumerate(costs(case.model(), case.board, case.prefer, case.rates)):
        assert cost.instructions is not None
        if cost.cycles is None and processor in tables():
            raise SystemExit("\n".join(notes))  # which say why
        row = Row(case.at_rate(place), processor, cost.instructions, cost.cycles, case.reference)
        yield row, line(row, at(case.wanted, place), at(case.wanted_cycles, place))
    if case.bound:
        yield None, f"    {case.bound}"


def at(wanted: tuple[int | None, ...], place: int) -> int | None:
    return wanted[place] if wanted else None


HEADING = (
    f"{'kernel':50s} {'core':10s} {'instructions':>12s} {'wanted':>11s}  {'cycles, modelled':>16s} {'wanted':>11s}  "
    f"{'dense DSP':>11s} {'times':>6s}"
)


def line(row: Row, wanted: int | None, wanted_cycles: int | None) -> str:
    times = f"{row.reference / row.instructions:.1f}" if row.reference else ""
    return (
        f"{row.name:50s} {row.core:10s} {number(row.instructions):>12s} {limit(row.instructions, wanted):>11s}  "
        f"{number(row.cycles_modelled):>16s} {limit(row.cycles_modelled, wanted_cycles):>11s}  "
        f"{number(row.reference):>11s} {times:>6s}"
    )


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def limit(value: float | None, wanted: int | None) -> str:
    """What is wanted, with an exclamation mark where it is not reached."""
    if wanted is None:
        return ""
    return f"{'! ' if value is not None and value > wanted else ''}{wanted:,}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default="", metavar="TEXT", help="kernels with this text in their names")
    options = parser.parse_args(arguments)
    print(HEADING, flush=True)
    rows = []
    for case in CASES:
        if options.only in f"{case.name} {core(case.board)}":
            for row, text in rows_of(case):
                print(text, flush=True)
                if row is not None:
                    rows.append(dataclasses.asdict(row))
    if options.json:
        write_text(options.json, json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
