"""A graph under construction whose ranges are proven as it grows, so that it is valid when it is done."""

from __future__ import annotations

from edgesnn.errors import ModelError
from edgesnn.integer import Encoding, Meaning, Metadata, Model, Node, Signal
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Input, Rescale
from edgesnn.integer.ranges import node_range


class Builder:
    """Nodes so far, and the signal at the end of each."""

    def __init__(self, model_input: Input, time_steps: int, streaming: bool) -> None:
        self.time_steps, self.streaming = time_steps, streaming
        self.nodes: list[Node] = []
        self.signals: dict[str, Signal] = {}
        self.last = self.add(model_input)

    def add(self, op: Operator, *inputs: str) -> str:
        """Adds a node and returns its name. Raises ModelError or RangeError where it does not fit."""
        node = Node(f"{op.kind.lower()}{len(self.nodes)}", op, inputs)
        horizon = None if self.streaming else self.time_steps
        proven = node_range(node, tuple(self.signals[source] for source in inputs), horizon)
        self.nodes.append(node)
        self.signals[node.name] = proven.output
        self.last = node.name
        return node.name

    def fits(self, op: Operator, *inputs: str) -> bool:
        """Adds a node if it fits."""
        try:
            self.add(op, *inputs)
        except ModelError:
            return False
        return True

    def append(self, op: Operator) -> bool:
        """Adds a node behind the last one if it fits."""
        return self.fits(op, self.last)

    @property
    def signal(self) -> Signal:
        """What the last node gives."""
        return self.signals[self.last]

    @property
    def is_spikes(self) -> bool:
        return self.signal.meaning is Meaning.SPIKE

    def narrow(self, low: int = -128, high: int = 127) -> None:
        """Makes the last signal fit [low, high], with a Rescale if it does not yet."""
        span = self.signal.range
        if low <= span.minimum and span.maximum <= high:
            return
        excess = max(span.maximum, -span.minimum).bit_length() - high.bit_length()
        self.add(Rescale(shift=max(0, min(30, excess)), low=low, high=high), self.last)

    def model(self, name: str) -> Model:
        model_input = self.nodes[0].op
        assert isinstance(model_input, Input)
        encoding = Encoding(raw_low=model_input.low, raw_high=model_input.high, shift=0, repeat=False)
        metadata = Metadata(description="a random model")
        return Model(name, tuple(self.nodes), self.time_steps, self.streaming, encoding, metadata)
