"""Cycles that a model gives for what an emulated board executes: blocks counted by the emulator, timings by Arm."""

from edgesnn.targets.mcu.cycles.modelled import Modelled, core_of, modelled
from edgesnn.targets.mcu.cycles.timings import tables

__all__ = ["Modelled", "core_of", "modelled", "tables"]
