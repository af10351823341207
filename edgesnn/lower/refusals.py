"""What to use instead of torch modules that have no integer meaning."""

from __future__ import annotations

from torch import nn

from edgesnn.errors import LoweringError

INSTEAD: dict[type[nn.Module], str] = {
    nn.Linear: "edgesnn.layers.QuantLinear",
    nn.Conv1d: "edgesnn.layers.QuantConv1d",
    nn.Conv2d: "edgesnn.layers.QuantConv2d",
    nn.BatchNorm1d: "norm=True of the layer in front",
    nn.BatchNorm2d: "norm=True of the layer in front",
    nn.MaxPool1d: "edgesnn.layers.MaxPool behind a neuron",
    nn.MaxPool2d: "edgesnn.layers.MaxPool behind a neuron",
    nn.AvgPool1d: "edgesnn.layers.SumPool",
    nn.AvgPool2d: "edgesnn.layers.SumPool",
    nn.AdaptiveAvgPool2d: "x.mean((3, 4)) or edgesnn.layers.SumPool",
    nn.ReLU: "a spiking neuron: edgesnn.layers.Lif, IntegrateFire or QuantizedLif",
    nn.Sigmoid: "a spiking neuron: edgesnn.layers.Lif, IntegrateFire or QuantizedLif",
    nn.Softmax: "nothing: the largest score decides",
}


def refusal(path: str, module: nn.Module) -> LoweringError:
    """The error for a module that cannot be lowered."""
    kind = type(module)
    remedy = f"Use {INSTEAD[kind]}" if kind in INSTEAD else "Build it from edgesnn.layers, +, cat, reshape and mean"
    return LoweringError(path, f"{kind.__name__} has no integer meaning", remedy)
