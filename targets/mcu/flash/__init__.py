"""Getting programs into the flash of boards: what is written, in which order, and who carries it there."""

from edgesnn.targets.mcu.flash.flasher import Flasher
from edgesnn.targets.mcu.flash.kinds import flasher_of

__all__ = ["Flasher", "flasher_of"]
