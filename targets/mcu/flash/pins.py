"""The pins of a serial adapter, where they are wired to a chip's reset and to the pin that chooses its ROM."""

from __future__ import annotations

import time

from edgesnn.link.line import Line

RESET_S = 0.05  # held in reset, and then given to what starts


def enter_rom(line: Line, reset_pin: str | None, boot_pin: str | None) -> None:
    """Resets the chip into its ROM.

    A port without such pins leaves it to the user, whom the error tells if the ROM does not answer.
    """
    if boot_pin is not None:
        _assert(line, boot_pin, True)
    reset(line, reset_pin)
    if boot_pin is not None:
        _assert(line, boot_pin, False)  # the ROM has looked at it; the next reset starts the program


def reset(line: Line, pin: str | None) -> None:
    """Resets the chip, if there is a pin for it."""
    if pin is not None and _assert(line, pin, True):
        time.sleep(RESET_S)
        _assert(line, pin, False)
        time.sleep(RESET_S)


def release(line: Line, reset_pin: str | None, boot_pin: str | None) -> None:
    """Lets the chip run its program: opening a port asserts both pins, which may hold the chip in reset."""
    for pin in (boot_pin, reset_pin):
        if pin is not None:
            _assert(line, pin, False)


def _assert(line: Line, pin: str, active: bool) -> bool:
    return line.set_pin(pin.lstrip("!"), active != pin.startswith("!"))
