"""From a torch network made of edgesnn.layers to the integer model."""

from edgesnn.lower.lower import lower

__all__ = ["lower"]
