"""The command line: one verb a file, each a thin layer over `edgesnn.api`."""

from edgesnn.cli.group import VerbGroup

main = VerbGroup(
    name="edgesnn",
    help="Spiking networks as one integer model, run spike for spike the same on Loihi 2, microcontrollers and phones.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)
"""The console script."""
