"""Loihi 2, through Lava: a model becomes a network of fixed-point processes."""

from edgesnn.targets.loihi.backend import LoihiTarget

__all__ = ["LoihiTarget"]
