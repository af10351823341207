"""A trained network and data for it, small enough to be compressed in seconds."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from edgesnn.compression.source import Source, find_source
from edgesnn.structure.copying import copied
from edgesnn.train.data import Split
from edgesnn.train.loop import Trainer
from edgesnn.train.recipe import Recipe
from tests.networks import Branched, Plain, bars

DATA = (bars(128), bars(60, 1))


@pytest.fixture(scope="session")
def data() -> tuple[Split, Split]:
    return DATA


@pytest.fixture(scope="session")
def networks() -> dict[str, nn.Module]:
    """Trained networks, by name; tests must not change them."""
    recipe = Recipe(epochs=8, batch=32, learning_rate=1e-2, shift=0, rate_weight=0.0)
    trained = {}
    for kind in (Plain, Branched):
        torch.manual_seed(0)
        network = kind()
        assert Trainer(network, recipe, *DATA).train().accuracies[-1] > 0.9
        trained[kind.__name__.lower()] = network
    return trained


@pytest.fixture
def plain(networks: dict[str, nn.Module]) -> nn.Module:
    return copied(networks["plain"])


@pytest.fixture
def branched(networks: dict[str, nn.Module]) -> nn.Module:
    return copied(networks["branched"])


@pytest.fixture
def source(branched: nn.Module) -> Source:
    return find_source(branched)
