"""The phone target: the integer model as a .tflite file."""

from edgesnn.targets.tflite.backend import TfliteTarget

__all__ = ["TfliteTarget"]
