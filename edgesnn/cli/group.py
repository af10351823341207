"""The group of verbs: imports a verb only when it is used, and turns every error into one message and an exit code.

Exit codes: 0 what was asked is true; 1 it is not (a failed verification, a model that does not fit); 2 the user's
mistake or something missing; 3 a fault of edgesnn itself; 130 interrupted.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from edgesnn.cli.verbs import VERBS

MISTAKE, FAULT, INTERRUPTED = 2, 3, 130


class VerbGroup(click.Group):
    """Verbs by name, from `VERBS`; each is `command` in edgesnn.cli.<verb>."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"edgesnn.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], VERBS, n=1)
            remedy = f"Did you mean {close[0]}?" if close else f"Verbs: {', '.join(VERBS)}"
            raise click.UsageError(f"there is no verb {args[0]!r}. {remedy}", ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *arguments: Any, **options: Any) -> NoReturn:
        """Runs a verb and exits."""
        words = list(sys.argv[1:] if args is None else args)
        options.update(standalone_mode=False, prog_name="edgesnn")
        sys.exit(self.exit_code(words, options))

    def exit_code(self, words: list[str], options: dict[str, Any]) -> int:
        from edgesnn.cli.failure import report_failure

        try:
            code = super().main(words, **options)
            sys.stdout.flush()
            return code if isinstance(code, int) else 0
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again at exit
            return 1
        except (KeyboardInterrupt, click.Abort):
            click.echo("edgesnn: interrupted", err=True)
            return INTERRUPTED
        except Exception as error:
            return report_failure(error, as_json="--json" in words)
