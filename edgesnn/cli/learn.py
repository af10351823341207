"""`edgesnn learn`"""

from __future__ import annotations

from pathlib import Path

import click

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb
from edgesnn.errors import ConfigError
from edgesnn.integer.learning_section import BASELINE, RULES


@verb("learn")
@options.model
@click.option("--new", metavar="SIZES", help="Random weights instead of MODEL: neurons by layer, such as 196-64-10.")
@click.option("--rule", type=click.Choice(RULES), help="Learning rule.  [default: the model's own]")
@options.target
@options.board
@options.port
@click.option(
    "--data", metavar="NAME|FILE", default="mnist", show_default=True, help="Labelled images, or an .npz file."
)
@click.option("--split", default="train", show_default=True, metavar="SPLIT", help="Which part of the data set.")
@click.option(
    "--samples",
    type=click.IntRange(1, 1_000_000),
    default=200,
    show_default=True,
    metavar="N",
    help="How many to learn.",
)
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Write what was learned as a model file.")
@click.option(
    "--set", "constants", multiple=True, metavar="NAME=VALUE", help="A constant of learning (docs/learning.md)."
)
@click.option("--store", is_flag=True, help="At the end, the board stores what it has learned in its flash.")
@click.option("--resume", is_flag=True, help="Go on from what the board has stored.")
@click.option(
    "--skip", type=click.IntRange(0, 1_000_000), default=0, metavar="N", help="Samples before the first to learn."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the weights of --new.")
@click.option(
    "--against", type=click.Choice((BASELINE,)), help="Teach the same samples to the baseline too: ratios of the cost."
)
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write a report with figures.")
@options.table
@options.out
def command(
    model: str | None, new: str | None, rule: str | None, target: str | None, board: str | None, port: str | None,
    data: str, split: str, samples: int, save: Path | None, constants: tuple[str, ...], seed: int, table: str | None,
    store: bool, resume: bool, skip: int, out: Path | None, page: Path | None, against: str | None, progress: Progress,
) -> Answer:  # fmt: skip
    """Labelled samples are streamed to the board, which decides each before it sees the label and then learns it.
    MODEL is one that learns (docs/learning.md). Exits with 1 unless the board's weights, thresholds and counts equal
    those of the reference learner at the end."""
    from edgesnn import api
    from edgesnn.report import taught

    if (model is None) == (new is None):
        raise click.UsageError("name one network to teach: MODEL or --new SIZES")
    teaching = api.learn(
        model, rule, target, board, port, data, split, samples, save, sizes_of(new), given(constants), seed, table,
        progress, out, store, resume, skip, page, against is not None,
    )  # fmt: skip
    return Answer(teaching, taught.text(teaching, save, page), teaching.all_exact)


def sizes_of(new: str | None) -> tuple[int, ...]:
    """Neurons of each layer. Raises ConfigError on anything else."""
    if new is None:
        return ()
    if not all(size.isdecimal() and 0 < int(size) < 1 << 16 for size in new.split("-")) or "-" not in new:
        raise ConfigError("--new", f"{new!r:.40} is no network", "Write neurons by layer, such as 196-64-10")
    return tuple(int(size) for size in new.split("-"))


def given(constants: tuple[str, ...]) -> dict[str, int]:
    """Values by name. Raises ConfigError on anything but NAME=INTEGER."""
    found = {}
    for constant in constants:
        name, _, value = constant.partition("=")
        try:
            found[name] = int(value)
        except ValueError:
            raise ConfigError("--set", f"{constant!r:.40} is no NAME=INTEGER", "Write rate_shift=4") from None
    return found
