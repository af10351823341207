"""The mcu target."""

from edgesnn.targets.mcu.backend import McuTarget

__all__ = ["McuTarget"]
