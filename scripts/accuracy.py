"""Accuracy of the zoo's models on all test samples of their tasks, by the generated C on this machine.

python scripts/accuracy.py [MODEL ...]
"""

from __future__ import annotations

import sys

import edgesnn
from edgesnn.zoo import zoo


def main() -> None:
    for name in sys.argv[1:] or sorted(zoo()):
        found = edgesnn.run(name, target="mcu", board="host", split="test")
        accuracy = 100 * (found.accuracy or 0.0)
        print(f"{name:22s} {accuracy:6.2f} % of {found.samples} samples of {found.data}", flush=True)


if __name__ == "__main__":
    main()
