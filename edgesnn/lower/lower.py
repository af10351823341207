"""Lowering: runs a traced torch network on an example and adds integer nodes for every layer it meets."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import torch
from torch import Tensor, fx, nn

from edgesnn import layers
from edgesnn.errors import LoweringError
from edgesnn.integer import Metadata, Model, run
from edgesnn.lower.fold import fold
from edgesnn.lower.functions import FUNCTIONS, METHODS, TimeMean, reshape
from edgesnn.lower.graph import Graph, Value
from edgesnn.lower.refusals import refusal

LAYERS = (
    layers.Synapse, layers.Neuron, layers.MaxPool, layers.SumPool, layers.QuantInput,
    layers.MatMul, layers.StepScale, layers.Downscale, layers.Membrane, layers.SpikeCount, layers.FirstSpike,
)  # fmt: skip
RESHAPES = (nn.Flatten, nn.Unflatten)
IDENTITIES = (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d)
CHECKED_SAMPLES = 4


def lower(network: nn.Module, name: str, metadata: Metadata | None = None, streaming: bool = False) -> Model:
    """The integer model of a network made of edgesnn.layers, additions, concatenations, reshapes and means.

    The network is put in eval mode, and layers behind a mean are told its divisor: from then on its eval() output is
    exactly the integer model's. This is checked on random samples before returning.

    Args:
        network: starts with a `QuantInput`; its forward takes raw samples and returns scores (T, batch, classes).
        name: of the model; a lower-case identifier.

    Raises:
        LoweringError: a module or function has no integer meaning; the error names its path and what to use.
        ModelError, RangeError: the graph breaks a rule of the integer model.
    """
    network.eval()
    source = input_layer(network)
    samples = 2 if source.time_steps != 2 else 3  # unlike the time steps, so that no reshape can confuse the two
    lowering = Lowering(network, (source.time_steps, samples))
    lowering.run(example(source, samples))
    graph = finished(lowering)
    scale = float(getattr(network, "unit", 1)) * lowering.output_divisor
    metadata = dataclasses.replace(metadata or Metadata(), output_unit=scale)
    model = Model(name, fold(tuple(graph.nodes)), source.time_steps, streaming, source.encoding, metadata)
    check_equal(network, model, source, lowering.output_divisor)
    return model


class Tracer(fx.Tracer):
    """Keeps edgesnn's and torch's own layers whole."""

    def is_leaf_module(self, module: nn.Module, path: str) -> bool:
        return isinstance(module, LAYERS) or super().is_leaf_module(module, path)


def traced(network: nn.Module) -> fx.GraphModule:
    """The network's graph of layers and functions. Raises LoweringError where its forward cannot be traced."""
    try:
        return fx.GraphModule(network, Tracer().trace(network))
    except Exception as error:  # whatever the user's forward raises on symbolic values
        raise LoweringError(
            type(network).__name__,
            f"its forward cannot be traced ({type(error).__name__}: {error})",
            "Keep control flow that depends on data out of forward",
        ) from error


class Lowering(fx.Interpreter):
    """Runs the network on an example; beside each tensor it keeps the integer value that the tensor became."""

    def __init__(self, network: nn.Module, leading: tuple[int, int]) -> None:
        super().__init__(traced(network))
        self.graph_under_way = Graph(leading)
        self.values: dict[fx.Node, Value] = {}
        self.output_divisor = 1

    def run_node(self, node: fx.Node) -> Any:
        if node.op == "call_module":
            self._module(node)
        result = super().run_node(node)
        if isinstance(result, Tensor):
            if node.op in ("call_function", "call_method"):
                self._function(node, result)
            elif node.op == "call_module" and node not in self.values:
                self.values[node] = reshape(node, self._operands(node), tuple(result.shape), self.graph_under_way)
            elif node.op == "get_attr":
                raise LoweringError(str(node.target), "is a constant tensor", "Put it in a layer")
        elif node.op == "output" and not isinstance(result, Tensor):
            raise LoweringError("forward", "returns more than one tensor", "Return the scores alone")
        return result

    def _module(self, node: fx.Node) -> None:
        """Adds a layer's operators, and binds a mean's divisor, before the layer runs."""
        path, module = str(node.target), self.fetch_attr(str(node.target))
        sources = [] if isinstance(module, layers.QuantInput) else [self._value(a, path) for a in node.args]
        if isinstance(module, IDENTITIES):
            (self.values[node],) = sources
            return
        if isinstance(module, RESHAPES):
            return  # its shape is known once it has run
        if not isinstance(module, LAYERS):
            raise refusal(path, module)
        self.values[node] = self._layer(path, module, sources)

    def _layer(self, path: str, module: nn.Module, sources: list[Value]) -> Value:
        divisor = max((source.divisor for source in sources), default=1)
        if isinstance(module, layers.Synapse):
            if divisor != 1 and module.folded:
                raise LoweringError(path, "is folded and sits behind a mean", "Use SumPool, or folded=False")
            module.divisor, divisor = divisor, 1
            module.train(False)
        elif divisor != 1 and not isinstance(module, layers.SumPool):
            raise LoweringError(path, "sits behind a mean, whose values are not integers", "Use SumPool instead")
        operators = module.operators(sources[0].shape if sources else ())  # type: ignore[operator]
        return self.graph_under_way.chain(path, operators, *sources, divisor=divisor)

    def _value(self, argument: Any, path: str) -> Value:
        if not isinstance(argument, fx.Node) or argument not in self.values:
            raise LoweringError(path, "reads something that is not a layer's output", "Start with a QuantInput")
        return self.values[argument]

    def _operands(self, node: fx.Node) -> list[Value]:
        """Values among a call's arguments, in order, one as often as it is passed."""
        found: list[Value] = []
        fx.map_arg((node.args, node.kwargs), lambda a: found.append(self.values[a]) if a in self.values else None)
        return found

    def _function(self, node: fx.Node, result: Tensor) -> None:
        rule = (FUNCTIONS if node.op == "call_function" else METHODS).get(node.target)
        sources = self._operands(node)
        if not sources:
            return
        if rule is None:
            raise LoweringError(
                node.name, f"{_spelling(node.target)} has no integer meaning", "Use +, cat, reshape, flatten or mean"
            )
        lowered = rule(node, sources, tuple(result.shape), self.graph_under_way)
        if isinstance(lowered, TimeMean):
            self.output_divisor = lowered.divisor
            lowered = lowered.value
        self.values[node] = lowered


def _spelling(target: Any) -> str:
    return target if isinstance(target, str) else getattr(target, "__name__", str(target))


def finished(lowering: Lowering) -> Graph:
    """The graph with a readout at its end. A network may end in one, or in the mean or sum over time."""
    graph = lowering.graph_under_way
    if not graph.nodes:
        raise LoweringError("forward", "uses no edgesnn layer", "Build the network from edgesnn.layers")
    return graph


def input_layer(network: nn.Module) -> layers.QuantInput:
    sources = [module for module in network.modules() if isinstance(module, layers.QuantInput)]
    if len(sources) != 1:
        raise LoweringError(type(network).__name__, f"has {len(sources)} QuantInput layers", "Give it exactly one")
    return sources[0]


def example(source: layers.QuantInput, samples: int, seed: int = 0) -> Tensor:
    """Random raw samples."""
    e = source.encoding
    steps = () if e.repeat else (source.time_steps,)
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(e.raw_low, e.raw_high + 1, (samples, *steps, *source.shape), generator=generator)


@torch.no_grad()
def check_equal(network: nn.Module, model: Model, source: layers.QuantInput, divisor: int) -> None:
    """Raises LoweringError unless torch and the interpreter agree on random samples."""
    raw = example(source, CHECKED_SAMPLES, seed=1)
    scores = network(raw)
    final = scores[-1] if scores.ndim == 3 else scores
    if final.shape != (CHECKED_SAMPLES, model.output.size):
        shape = tuple(scores.shape)
        raise LoweringError("forward", f"returns a tensor of shape {shape}", "Return scores (T, batch, classes)")
    wanted = torch.round(final.double() * divisor).long().numpy()
    got = run(model, model.encode(raw.numpy())).output
    if not np.array_equal(wanted, got):
        raise LoweringError(
            model.name,
            f"torch and the integer model differ by up to {np.abs(wanted - got).max()}",
            "Report this network",
        )
