"""The command line: one verb a file, each a thin layer over `edgesnn.api`."""

from __future__ import annotations

import click

from edgesnn.cli.group import VerbGroup


def show_version(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    """Prints the version and ends."""
    if wanted:
        import edgesnn

        click.echo(f"edgesnn {edgesnn.__version__}")
        ctx.exit()


main = VerbGroup(
    name="edgesnn",
    help="Spiking networks as one integer model, run spike for spike the same on Loihi 2, microcontrollers and phones.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=show_version,
            help="Show the version.",
        )
    ],
)
"""The console script."""
