"""Weight quantisers, one grid a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edgesnn.errors import ConfigError
from edgesnn.layers.weights.binary import BinaryWeight, sign_gradient, standardised
from edgesnn.layers.weights.dual_scale import DualScaleWeight
from edgesnn.layers.weights.linear import LinearWeight
from edgesnn.layers.weights.quantiser import WeightQuantiser
from edgesnn.layers.weights.scale import power_of_two
from edgesnn.layers.weights.sign import SignWeight
from edgesnn.layers.weights.zero_free import ZeroFreeWeight

GRIDS: Mapping[str, Callable[..., WeightQuantiser]] = {
    "binary": BinaryWeight,
    "sign": SignWeight,
    "linear": LinearWeight,
    "zero_free": ZeroFreeWeight,
    "dual_scale": DualScaleWeight,
}


def quantiser(bits: int, grid: str | None = None, **options: object) -> WeightQuantiser:
    """The weight quantiser of that grid (default: binary for 1 bit, else linear); `options` are those of its class.

    Raises ConfigError for an unknown grid, width or option.
    """
    grid = grid or ("binary" if bits == 1 else "linear")
    if grid not in GRIDS:
        raise ConfigError("weights", f"grid {grid!r} is unknown", f"Choose one of {', '.join(GRIDS)}")
    try:
        return GRIDS[grid](bits=bits, **options)
    except TypeError as error:
        raise ConfigError("weights", f"the {grid} grid does not take these options ({error})", "Correct them") from None


__all__ = [
    "GRIDS", "BinaryWeight", "DualScaleWeight", "LinearWeight", "SignWeight", "WeightQuantiser", "ZeroFreeWeight",
    "power_of_two", "quantiser", "sign_gradient", "standardised",
]  # fmt: skip
