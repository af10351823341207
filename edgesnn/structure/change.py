"""What every change of a network's structure is."""

from __future__ import annotations

import abc
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from torch import nn

from edgesnn.errors import ModelError
from edgesnn.kinds import Kinds
from edgesnn.layers import Neuron, QuantInput, Synapse


@dataclass(frozen=True)
class Change(abc.ABC):
    """One change, complete in itself: it refers to layers by their path and to nothing else."""

    @abc.abstractmethod
    def apply(self, network: nn.Module) -> None:
        """Changes the network in place. Raises ModelError where it has no such layer."""


CHANGES: Kinds[Change] = Kinds("change")


def apply(network: nn.Module, changes: Iterable[Change]) -> None:
    """Applies changes in order. Raises ModelError where one does not fit the network."""
    for change in changes:
        change.apply(network)


def read(tables: object, where: str) -> tuple[Change, ...]:
    """Changes of a list of tables. Raises ConfigError where one is not understood."""
    listed = tables if isinstance(tables, (list, tuple)) else [tables]
    return tuple(CHANGES.read(table, where) for table in listed)


def write(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """JSON-able tables, without what is left at None."""
    return [{key: value for key, value in CHANGES.write(change).items() if value is not None} for change in changes]


def synapse_at(network: nn.Module, path: str) -> Synapse:
    """The synapse layer of that path. Raises ModelError."""
    module = module_at(network, path)
    return module if isinstance(module, Synapse) else _refuse(network, path, "synapse layer")


def neuron_at(network: nn.Module, path: str) -> Neuron:
    """The neuron layer of that path. Raises ModelError."""
    module = module_at(network, path)
    return module if isinstance(module, Neuron) else _refuse(network, path, "neuron layer")


def input_at(network: nn.Module, path: str) -> QuantInput:
    """The input layer of that path. Raises ModelError."""
    module = module_at(network, path)
    return module if isinstance(module, QuantInput) else _refuse(network, path, "input layer")


def module_at(network: nn.Module, path: str) -> nn.Module | None:
    return dict(network.named_modules(remove_duplicate=False)).get(path)


def _refuse(network: nn.Module, path: str, kind: str) -> NoReturn:
    problem = f"is no {kind} of {type(network).__name__}"
    raise ModelError(path, problem, "Use the network that the changes were recorded of")
