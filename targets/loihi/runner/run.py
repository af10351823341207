"""Runs the network beside this file in Lava's fixed-point simulation of Loihi 2. Needs lava-nc and numpy only.

    python run.py --input samples.npz --output result.npz [--record NAME ...]

samples.npz holds "x", integers (samples, time steps, inputs). result.npz receives "output", the readout after the
last time step (samples, classes), and for each recorded layer "NAME.output" and its states "NAME.v", "NAME.u", ...
at every step (samples, time steps, neurons).

A network that learns takes "labels" (samples,) as well, learns one sample after the other, and gives the potentials
that decided each as "output", the weights of its last layer as "weight" (classes, inputs), and the spikes of each layer
that it records, NAME, as "NAME.spikes" (samples,).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lava_network.description import Description, read_labels, read_samples, write_result


def main() -> int:
    folder = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, required=True, help="samples.npz")
    parser.add_argument("--output", type=Path, required=True, help="result.npz")
    parser.add_argument("--record", nargs="*", default=[], metavar="NAME", help="layers to record at every step")
    arguments = parser.parse_args()
    try:
        description = Description.read(folder / "network.json", folder / "network.npz")
        x = read_samples(arguments.input, description)
        labels = read_labels(arguments.input, description, len(x))
        unknown = sorted(set(arguments.record) - set(description.names))
        if unknown:
            raise ValueError(f"no layer {unknown[0]!r}; there are {', '.join(description.names)}")
    except (OSError, ValueError, KeyError) as error:
        return fail(error)
    return simulate(description, x, labels, arguments.record, arguments.output)


def simulate(description: Description, x, labels, record, output: Path) -> int:
    try:
        if description.learning:
            from lava_network.lessons import teach
        else:
            from lava_network.simulation import run
    except ImportError as error:
        return fail(f"{error}. Install lava-nc in {sys.executable}")
    try:
        arrays = teach(description, x, labels, record) if description.learning else run(description, x, record)
        write_result(output, arrays)
    except (OSError, RuntimeError, ValueError, AssertionError) as error:
        return fail(error)
    return 0


def fail(problem: object) -> int:
    """Exit status 2 and one line that edgesnn, or you, can read."""
    print("error:", " ".join(str(problem).split()), file=sys.stderr, flush=True)
    return 2


if __name__ == "__main__":
    sys.exit(main())
