"""`edgesnn budget`"""

from __future__ import annotations

import click

from edgesnn.cli import options
from edgesnn.cli.verb import Answer, Progress, verb


@verb("budget")
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@options.target
@options.board
@click.option("--data", metavar="NAME|FILE", help="A data set, or an .npz file with `samples` and maybe `labels`.")
@click.option("--split", default="test", show_default=True, metavar="SPLIT", help="Held-out part of the data set.")
@click.option("--samples", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, metavar="N")
@click.option("--markdown", is_flag=True, help="Print one table in Markdown.")
def command(
    models: tuple[str, ...], target: str | None, board: str | None, data: str | None, split: str, samples: int,
    markdown: bool, progress: Progress,
) -> Answer:  # fmt: skip
    """One row a model and backend. Each MODEL is a name of `edgesnn models` or an integer model file. With --target or
    --board that board runs some samples as well, for its instructions and energy; else no target is run."""
    from edgesnn.budget import text
    from edgesnn.budget.analyse import analyse
    from edgesnn.budget.held_out import held_out
    from edgesnn.choice import choose, choose_model

    found = []
    for name in models or (None,):
        run = choose(name, target, board) if target or board else None
        model = run.model if run else choose_model(name)[0]
        found.append(analyse(model, held_out(model, data, split, samples), run, progress))
    record = {"budgets": found, "definitions": text.DEFINITIONS}
    if markdown:
        return Answer(record, lambda console: console.print(text.markdown(found), end="", soft_wrap=True))
    return Answer(record, text.budgets(found))
