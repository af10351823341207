"""What every verb shares: --json, progress, printing the answer, and the exit code."""

from __future__ import annotations

import functools
import inspect
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from edgesnn.cli.verbs import VERBS
from edgesnn.progress import Progress

UNTRUE = 1


@dataclass(frozen=True)
class Answer:
    """A verb's result: a JSON-able record, its text form (printed with rich markup off), and whether it is a yes."""

    record: Any
    text: Callable[[Any], None]
    ok: bool = True


def verb(name: str) -> Callable[[Callable[..., Answer]], click.Command]:
    """Makes the command of a function that takes its options and `progress`, and returns an Answer."""

    def command_of(function: Callable[..., Answer]) -> click.Command:
        @functools.wraps(function)
        def run(as_json: bool, **options: Any) -> int:
            from edgesnn.cli.bar import Bar

            with Bar() as progress:
                answer = function(progress=progress, **options)
            return show(answer, as_json)

        option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
        epilog = inspect.cleandoc(function.__doc__ or "")
        return click.command(name, help=f"{VERBS[name]}\n\n{epilog}")(option(run))

    return command_of


def show(answer: Answer, as_json: bool) -> int:
    """Prints the answer; returns the exit code."""
    if as_json:
        from edgesnn.records import to_json

        print(json.dumps(to_json(answer.record), allow_nan=False))
    else:
        from edgesnn.report.console import console

        answer.text(console(sys.stdout))
    return 0 if answer.ok else UNTRUE


__all__ = ["Answer", "Progress", "verb"]
