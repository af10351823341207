"""Hypothesis strategies of random integer models and of inputs for them.

>>> @given(integer_models(), st.randoms())           # doctest: +SKIP
... def test(model, random): ...
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from edgesnn.integer import Array, Model
from tests.fuzz import generate
from tests.fuzz.loihi import random_loihi_model
from tests.fuzz.source import Drawn, Source
from tests.fuzz.spike_times import random_spike_time_model
from tests.fuzz.ternary import random_ternary_model


class _Generator(Source):
    """Choices of a NumPy generator the caller holds."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.generator = rng

    def integer(self, low: int, high: int) -> int:
        return int(self.generator.integers(low, high, endpoint=True))


@st.composite
def integer_models(draw: Any, name: str = "random", streaming: bool | None = None) -> Model:
    """Valid models of every operator, attribute and width; small enough to compile and run quickly.

    streaming: all of them, none, or some.
    """
    return generate.random_model(Drawn(draw), name, streaming)


@st.composite
def loihi_models(draw: Any, name: str = "random_loihi") -> Model:
    """Valid models that Loihi's own neurons compute: even weights and stock attributes."""
    return random_loihi_model(Drawn(draw), name)


@st.composite
def ternary_models(draw: Any, name: str = "random_ternary") -> Model:
    """Valid models of ternary neurons without biases, for which x and -x are mirror images."""
    return random_ternary_model(Drawn(draw), name)


@st.composite
def spike_time_models(draw: Any, name: str = "random_spike_time") -> Model:
    """Valid models of neurons that fire once a sample, read out by their first spike."""
    return random_spike_time_model(Drawn(draw), name)


def samples_for(model: Model, rng: np.random.Generator, samples: int = 5) -> Array:
    """Inputs (samples, T, *input shape) int64 that reach both ends of the model's declared input range."""
    return generate.samples_for(model, _Generator(rng), samples)
