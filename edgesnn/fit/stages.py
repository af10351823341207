"""From a configuration to the stages of compression that make it."""

from __future__ import annotations

from torch import nn

from edgesnn.compression.stages import Alphabet, Calibrate, Prune, Stage, State, Steps, Train, Weights
from edgesnn.fit.space import CHANNELS, STATE_BITS, TIME_STEPS, WEIGHT_BITS, Configuration, Space, prunable
from edgesnn.layers import TernaryLif


def structural(network: nn.Module, space: Space, configuration: Configuration) -> list[Stage]:
    """What changes the network's shape; nothing for what it has already. Channels are scored on the trained network,
    before its weights are put on another grid."""
    changed = {axis: value for axis, value in configuration.items() if value != space.present[axis]}
    stages: list[Stage] = []
    if CHANNELS in changed:
        stages.append(Prune(1 - changed[CHANNELS] / 100, "svs", tuple(prunable(network))))
    if TIME_STEPS in changed:
        stages.append(Steps(changed[TIME_STEPS]))
    if WEIGHT_BITS in changed:
        bits = changed[WEIGHT_BITS]
        binary = bits == 1 and space.grid != "dual_scale"
        stages.append(Weights("binary" if binary else space.grid, bits))
    if STATE_BITS in changed:
        stages.append(_states(network, changed[STATE_BITS]))
    return stages


def _states(network: nn.Module, bits: int) -> Stage:
    if any(isinstance(module, TernaryLif) for module in network.modules()):
        return Alphabet("ternary", bits)
    return State(bits)


def tuning(epochs: int) -> list[Stage]:
    """Fine-tuning between two calibrations: a short one would start and end with statistics of another network."""
    return [Calibrate(), Train(epochs), Calibrate()]
