"""What the user sees when something goes wrong: one message saying where, what is wrong, and what to do."""

from __future__ import annotations

import json
import os
import sys
import traceback

import click

from edgesnn.errors import EdgesnnError

MISTAKE, FAULT = 2, 3
DEBUG = "EDGESNN_DEBUG"


def report_failure(error: Exception, as_json: bool) -> int:
    """Prints the error, as a message or as a JSON object, and returns the exit code."""
    kind, where, problem, remedy = parts_of(error)
    message = sentence(where, problem, remedy)
    if as_json:
        detail = {"kind": kind, "where": where, "problem": problem, "remedy": remedy, "message": message}
        print(json.dumps({"error": detail}))
    else:
        label = click.style("error:", fg="red", bold=True)
        click.echo(f"{label} {message}", err=True, color=False if os.environ.get("NO_COLOR") else None)
    if os.environ.get(DEBUG):
        traceback.print_exception(error, file=sys.stderr)
    return MISTAKE if isinstance(error, (EdgesnnError, click.ClickException, OSError, MemoryError)) else FAULT


def sentence(where: str, problem: str, remedy: str) -> str:
    """The three parts as one line, with one mark between problem and remedy."""
    problem = " ".join(problem.split())
    stop = "" if problem.endswith((".", "?")) or not remedy else "."
    return f"{where}: {problem}{stop} {remedy}".rstrip()


def parts_of(error: Exception) -> tuple[str, str, str, str]:
    """(kind, where, problem, remedy) of any exception."""
    kind = type(error).__name__
    if isinstance(error, EdgesnnError):
        return kind, error.where, error.problem, error.remedy
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "edgesnn"
        return kind, path, error.format_message(), f"See `{path} --help`"
    if isinstance(error, click.ClickException):
        return kind, "edgesnn", error.format_message(), ""
    if isinstance(error, OSError):
        return kind, str(error.filename or "edgesnn"), error.strerror or str(error), "Make it accessible and try again"
    if isinstance(error, MemoryError):
        return kind, "edgesnn", "out of memory", "Use fewer samples or a smaller model"
    problem = f"a fault of edgesnn itself, {kind}: {error}"
    return kind, "edgesnn", problem, f"Please report it; {DEBUG}=1 shows where it happened"
