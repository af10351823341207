"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path

import click

model = click.argument("model", required=False)
target = click.option("--target", metavar="NAME", help="Where to run: a name of `edgesnn targets`.")
board = click.option("--board", metavar="NAME", help="Which board: a name of `edgesnn boards`.")
port = click.option("--port", metavar="PORT", help="Serial port of a real board, or a socket:// address.")
samples = click.option("--samples", type=click.IntRange(1, 1_000_000), metavar="N", help="How many samples to run.")
out = click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the files.")
table = click.option("--energy-table", "table", metavar="NAME", help="Energy table to use instead of the board's own.")
