"""A model running in Lava: samples go through one process network back to back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from edgesnn.errors import ModelError
from edgesnn.integer import Array, Model, Run, Trace
from edgesnn.target import Cost, Session
from edgesnn.targets.loihi.cost import cost_of
from edgesnn.targets.loihi.network import Network
from edgesnn.targets.loihi.worker import run_bundle

RECORD_BYTES_MAX = 256 << 20
"""What one Lava run may record, and hold in memory, at four bytes a value."""
STEPS_MAX = 4096
"""Time steps of one Lava run, unless a single sample has more."""


class LoihiSession(Session):
    """Lava starts anew for every call; it takes seconds. `step` runs again from the last reset."""

    def __init__(self, network: Network, main: Path) -> None:
        self.model: Model = network.model
        self.network, self.main = network, main
        self.history: list[Array] = []

    def observable(self) -> tuple[str, ...]:
        """Layers that emit something; linear operators between them are part of the synapses."""
        return tuple(group.name for group in self.network.groups[1:])

    def shown(self) -> tuple[str, ...]:
        """All outputs and states of the observable layers, which is known without starting Lava."""
        states = {name: [s.name for s in self.model.states_of(self.model.by_name[name])] for name in self.observable()}
        return tuple(f"{name}.{what}" for name in states for what in ("output", *states[name]))

    def reset(self) -> None:
        self.history = []

    def step(self, x: Array) -> Array:
        """One further time step: x of the input's shape to the readout. Raises ModelError as the interpreter does."""
        x = np.asarray(x, np.int64)
        if x.shape != self.model.input.shape:
            raise ModelError(self.model.name, f"input of shape {x.shape}, not {self.model.input.shape}", "Reshape it")
        history = [*self.history, x]
        output: Array = self.run(np.stack(history)[None])[0]
        self.history = history
        return output

    def run(self, x: Array) -> Array:
        return self.trace(x, ()).output

    def trace(self, x: Array, names: Collection[str]) -> Run:
        """As `edgesnn.integer.run`; nodes that are not observable are left out."""
        x = self.checked(x)
        names = [name for name in self.observable() if name in names]
        parts = [self._trace_part(part, names) for part in self.parts(x, names)]
        joined = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
        return Run(joined["output"], {name: self._trace_of(joined, name) for name in names}, {})

    def checked(self, x: Array) -> Array:
        """x (samples, T, *input shape), int64. Raises ModelError where it does not fit the model."""
        model, x = self.model, np.asarray(x)
        if x.ndim < 2 or x.shape[2:] != model.input.shape or 0 in x.shape or x.dtype.kind not in "iub":
            raise ModelError(
                model.name, f"data of shape {x.shape} are not (samples, steps, *{model.input.shape})", "Reshape them"
            )
        if not model.streaming and x.shape[1] > model.time_steps:
            raise ModelError(model.name, f"more than its {model.time_steps} time steps", "Reset between samples")
        x = x.astype(np.int64)
        model.input_op.step((x,), ())
        return x

    def parts(self, x: Array, names: Collection[str]) -> list[Array]:
        """Samples in portions that one Lava run may record."""
        steps = x.shape[1]
        values = steps * (self.model.input.size + sum(size for shape in self.shapes(1, 1, names).values()
                                                      for size in [int(np.prod(shape))]))  # fmt: skip
        size = max(1, min(RECORD_BYTES_MAX // (4 * values), STEPS_MAX // steps))
        return [x[i : i + size] for i in range(0, len(x), size)]

    def shapes(self, samples: int, steps: int, names: Collection[str]) -> Mapping[str, tuple[int, ...]]:
        """What the runner answers, by name: flat outputs and states at every step."""
        shapes: dict[str, tuple[int, ...]] = {"output": (samples, self.model.output.size)}
        for name in names:
            shapes[f"{name}.output"] = (samples, steps, self.model.signal(name).size)
            for spec in self.model.states_of(self.model.by_name[name]):
                shapes[f"{name}.{spec.name}"] = (samples, steps, int(np.prod(spec.shape)))
        return shapes

    def _trace_part(self, x: Array, names: Collection[str]) -> dict[str, Array]:
        samples, steps = x.shape[:2]
        return run_bundle(self.main, x.reshape(samples, steps, -1), names, self.shapes(samples, steps, names))

    def _trace_of(self, arrays: Mapping[str, Array], name: str) -> Trace:
        output = arrays[f"{name}.output"]
        states = {}
        for spec in self.model.states_of(self.model.by_name[name]):
            states[spec.name] = arrays[f"{name}.{spec.name}"].reshape(*output.shape[:2], *spec.shape)
        return Trace(output.reshape(*output.shape[:2], *self.model.signal(name).shape), states)

    def cost(self, x: Array, cycles: bool = True) -> Cost:
        """Spikes, synaptic operations and memory on Loihi, counted in a Lava run of x."""
        return cost_of(self.network, self.checked(x), self.trace(x, self.observable()), self.main.parent)
