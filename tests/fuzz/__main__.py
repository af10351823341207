"""python -m tests.fuzz: a nightly campaign. Exits 1 at the first difference, with the model saved."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from edgesnn.integer.file import save
from tests.fuzz.campaign import Outcome, Summary, make, outcomes
from tests.fuzz.executors import EXECUTORS

REPORT_EVERY_S = 10.0


@click.command()
@click.option("--models", default=500, show_default=True, help="How many random models.")
@click.option("--seed", default=0, show_default=True, help="Another seed is another campaign.")
@click.option("--first", default=0, show_default=True, help="Number of the first model, to repeat one.")
@click.option("--executor", "names", multiple=True, type=click.Choice(list(EXECUTORS)), help="Only these.")
@click.option("--jobs", default=None, type=int, help="Processes (default: two a processor).")
@click.option("--out", default=Path("build/fuzz"), type=click.Path(path_type=Path), help="Where a failure is saved.")
def campaign(models: int, seed: int, first: int, names: Sequence[str], jobs: int | None, out: Path) -> None:
    """Holds random integer models in every executor against the reference interpreter, integer by integer."""
    names = names or tuple(EXECUTORS)
    summary, start, told = Summary(), time.monotonic(), 0.0
    for outcome in outcomes(seed, range(first, first + models), names, jobs):
        if outcome.failed:
            failure(outcome, seed, out)
            sys.exit(1)
        summary.add(outcome)
        if time.monotonic() - told > REPORT_EVERY_S:
            told = time.monotonic()
            click.echo(f"{summary.models}/{models} models, all exact, {told - start:.0f} s", err=True)
    report(summary, names, seed, time.monotonic() - start)


def failure(outcome: Outcome, seed: int, out: Path) -> None:
    """Says what differed and saves the model and how to see it again."""
    assert outcome.failed
    name, problem = outcome.failed
    model, _ = make(seed, outcome.number)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"seed{seed}-model{outcome.number}.onnx"
    save(model, path)
    click.echo(f"{name} differs from the interpreter on model {outcome.number} of seed {seed}:\n{problem}")
    click.echo(f"The model: {path}")
    click.echo(f"Again: python -m tests.fuzz --seed {seed} --first {outcome.number} --models 1 --executor {name}")


def report(summary: Summary, names: Sequence[str], seed: int, seconds: float) -> None:
    """One line an executor, then how often each operator appeared."""
    click.echo(f"{summary.models} random models, seed {seed}, {seconds:.0f} s: all agree with the interpreter")
    click.echo(f"{'executor':<26} {'seen':>5} {'exact':>6} {'refused':>8}  refused because of")
    for name in names:
        refused, rules = summary.refusals[name], summary.refused.get(name, {})
        why = ", ".join(f"{rule} ({count})" for rule, count in sorted(rules.items()))
        seen = f"{summary.exact[name] + refused:>5} {summary.exact[name]:>6} {refused:>8}"
        every = f"(one model in {EXECUTORS[name].every})" if EXECUTORS[name].every > 1 else ""
        click.echo(f"{name:<26} {seen}  {why}{every}".rstrip())
    click.echo("operators: " + ", ".join(f"{kind} {count}" for kind, count in summary.kinds.most_common()))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that the worker processes end with this one
    campaign()
