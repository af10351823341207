"""Cost of a model on a target: memory, stack, instructions, activity, energy; each figure labelled by its kind."""

from edgesnn.profiling.profile import COST_SAMPLES, LayerProfile, Profile, profile_session
from edgesnn.profiling.raster import Raster, RasterLayer

__all__ = ["COST_SAMPLES", "LayerProfile", "Profile", "Raster", "RasterLayer", "profile_session"]
