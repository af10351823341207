"""`edgesnn report`"""

from __future__ import annotations

from pathlib import Path

import click

from edgesnn.cli.verb import Answer, Progress, verb


@verb("report")
@click.argument("results", nargs=-1, metavar="[DIR|FILE]...", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default="report.html", show_default=True, metavar="FILE")
def command(results: tuple[Path, ...], out: Path, progress: Progress) -> Answer:
    """Each DIR was written by `edgesnn deploy`; without any, all folders of build/ here that hold a result.

    Exits with 1 unless every result is exact."""
    from edgesnn import api
    from edgesnn.report import text
    from edgesnn.report.summary import summary

    deployments = api.report(results, out, progress)
    exact = all(item.exact for item in deployments)
    record = {"report": out, "exact": exact, "results": [summary(item) for item in deployments]}
    return Answer(record, text.combined(deployments, out), exact)
