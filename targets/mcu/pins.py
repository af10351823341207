"""Names of pins, as data sheets write them."""

from __future__ import annotations

import re

PATTERN = re.compile(r"P([A-K])(\d{1,2})|P(\d)\.(\d{1,2})|GPIO(\d{1,2})")
LARGEST = 31


def pin(name: str) -> tuple[int, int]:
    """(number of the port, number of the pin in it): "PA2" is (0, 2), "P1.09" is (1, 9), "GPIO28" is (0, 28).

    Raises ValueError where it is no such name.
    """
    found = PATTERN.fullmatch(name)
    if found is None:
        raise ValueError(name)
    letter, of_letter, port, of_port, alone = found.groups()
    number = int(of_letter or of_port or alone)
    if number > LARGEST:
        raise ValueError(name)
    return (ord(letter) - ord("A") if letter else int(port or 0)), number
