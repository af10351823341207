"""Which class flashes which kind of board."""

from __future__ import annotations

from collections.abc import Mapping

from edgesnn.targets.mcu.facts import BoardFacts
from edgesnn.targets.mcu.flash.drive import DriveFlasher
from edgesnn.targets.mcu.flash.flasher import Flasher
from edgesnn.targets.mcu.flash.loader import LoaderFlasher
from edgesnn.targets.mcu.flash.probe import ProbeFlasher
from edgesnn.targets.mcu.flash.stm32 import Stm32Flasher

KINDS: Mapping[str, type[Flasher]] = {
    "stm32-uart": Stm32Flasher,
    "uf2": DriveFlasher,
    "probe": ProbeFlasher,
    "loader": LoaderFlasher,
}


def flasher_of(board: str, facts: BoardFacts, port: str | None) -> Flasher | None:
    """None where the board cannot be flashed."""
    return KINDS[facts.flash.kind](board, facts, port) if facts.flash.kind is not None else None
