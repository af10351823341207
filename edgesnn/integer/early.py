"""When a sample is decided before its last step: what a device that stops then is held against."""

from __future__ import annotations

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer.interpreter import Interpreter
from edgesnn.integer.model import Model
from edgesnn.integer.ops.readout import Readout
from edgesnn.integer.signal import Array


def steps_to_decide(model: Model, x: Array) -> Array:
    """(samples,) after how many steps of x (samples, T, *input shape) the decision of each sample is final.

    It is the decision of all its steps, though the scores of other classes may still change. All T steps where only the
    last one decides, or nothing has.
    """
    if not len(x):
        raise ModelError(model.name, "no samples to run", "Give at least one")
    readout = model.nodes[-1]
    assert isinstance(readout.op, Readout)
    interpreter = Interpreter(model)
    interpreter.reset(len(x))
    steps = np.full(len(x), x.shape[1])
    for t in range(x.shape[1]):
        interpreter.step(x[:, t])
        now = readout.op.decided(interpreter.states[readout.name])
        steps[now] = np.minimum(steps[now], t + 1)
    return steps
