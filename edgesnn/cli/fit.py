"""`edgesnn fit`"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import click

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb
from edgesnn.errors import ConfigError, ToolError

NEEDED = ("torch", "optuna")


@verb("fit")
@click.argument("model", metavar="MODEL|JOB")
@options.board
@options.target
@click.option("--flash", metavar="SIZE", help="At most so much flash, such as 64K; the board's own bound holds too.")
@click.option("--ram", metavar="SIZE", help="At most so much RAM.")
@click.option("--instructions", metavar="N", help="At most so many an inference on average, such as 1M.")
@click.option("--energy", metavar="E", help="At most so much an inference on average, such as 50uJ.")
@click.option("--trials", type=click.IntRange(1), default=16, show_default=True, help="Configurations to train.")
@click.option("--jobs", type=click.IntRange(1), help="Trials at a time.  [default: a core each]")
@options.out
@click.option("--storage", metavar="URL", help="Shared with searches on other machines (docs/fit.md).")
@click.option("--data", metavar="NAME|FILE", help="A data set or .npz file instead of the one of training.")
@click.option("--epochs", type=click.IntRange(1), default=1, show_default=True, help="Of fine-tuning.")
@click.option("--limit", type=click.IntRange(1), default=6000, show_default=True, help="Samples to fine-tune on.")
@click.option("--validation", type=click.IntRange(1), default=2000, show_default=True, help="Samples to judge on.")
@click.option("--weight-bits", metavar="LIST", help="Values to try, such as 1,2,4,8.")
@click.option("--state-bits", metavar="LIST", help="Values to try, such as 2,4,8.")
@click.option("--time-steps", metavar="LIST", help="Values to try, such as 1,2,4.")
@click.option("--channels", metavar="LIST", help="Shares of the channels kept to try, in per cent, such as 50,75,100.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def command(
    model: str, board: str | None, target: str | None, flash: str | None, ram: str | None, instructions: str | None,
    energy: str | None, trials: int, jobs: int | None, out: Path | None, storage: str | None, data: str | None,
    epochs: int, limit: int, validation: int, seed: int, progress: Progress, **axes: str | None,
) -> Answer:  # fmt: skip
    """MODEL is a name of `edgesnn models`, or the .toml or .json file of a job with its .pt beside it. Searches weight
    bits, state bits, time steps and channels for the most accurate model within the bounds; every configuration is
    compressed, fine-tuned, built and run. The same DIR goes on where it stopped. Exits with 1 where nothing fits."""
    for package in NEEDED:
        if importlib.util.find_spec(package) is None:
            raise ToolError("fit", f"{package} is not installed", "Run: pip install 'edgesnn[train,fit]'")
    from edgesnn.choice import choose_board
    from edgesnn.fit import text, units
    from edgesnn.fit.bounds import Bounds
    from edgesnn.fit.search import fit
    from edgesnn.fit.task import Task

    place, chosen, _ = choose_board(target or (None if board else "mcu"), board, None)
    wanted = Bounds(
        units.given(flash, units.byte_count),
        units.given(ram, units.byte_count),
        units.given(instructions, units.count),
        units.given(energy, units.microjoules),
    )
    folder = (out or Path("build") / f"fit-{Path(model).stem}-{place.name}-{chosen.name}").absolute()
    cores = os.cpu_count() or 1
    jobs = min(jobs or cores, trials)
    task = Task(
        model, place.name, chosen.name, wanted.within(place.limits(chosen)), folder / "search", data, epochs, limit,
        validation, seed, axis_values(axes), max(1, cores // jobs),
    )  # fmt: skip
    result = fit(task, folder, trials, jobs, storage, progress, lambda line: print(line, file=sys.stderr, flush=True))
    return Answer(result, text.fit(result), result.winner is not None)


def axis_values(axes: dict[str, str | None]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Lists of integers by axis. Raises ConfigError on anything else."""
    found = []
    for axis, listed in axes.items():
        if listed is None:
            continue
        try:
            found.append((axis, tuple(int(value) for value in listed.split(","))))
        except ValueError:
            raise ConfigError(f"--{axis.replace('_', '-')}", f"{listed!r:.40} is no list", "Write 1,2,4") from None
    return tuple(found)
