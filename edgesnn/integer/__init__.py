"""The integer model: the one semantics that every target reproduces exactly. NumPy and onnx only."""

from edgesnn.integer.interpreter import Interpreter, Run, Trace, run
from edgesnn.integer.model import Encoding, Metadata, Model, Node, decide
from edgesnn.integer.signal import Array, Interval, Meaning, Signal

__all__ = [
    "Array", "Encoding", "Interpreter", "Interval", "Meaning", "Metadata", "Model", "Node", "Run", "Signal", "Trace",
    "decide", "run",
]  # fmt: skip
