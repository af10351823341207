"""The integer check of a cut: silent channels and missing ones are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from edgesnn.errors import ModelError
from edgesnn.layers import Synapse
from edgesnn.lower.lower import example, input_layer
from edgesnn.structure import KeepChannels, apply, synapse_at
from edgesnn.structure.channels import cut_form
from edgesnn.structure.copying import copied

RANDOM_SAMPLES = 8


def check_agreement(network: nn.Module, changes: Sequence[KeepChannels], samples: Sequence[Tensor]) -> None:
    """Raises ModelError unless the cut network's scores equal those of the whole one with the removed channels masked.

    Both compute with the integer weights, multipliers and shifts of the whole network: requantising the shorter rows,
    which comes afterwards, is another matter. samples: batches of raw samples; random ones are added.
    """
    batches = [example(input_layer(network), RANDOM_SAMPLES, seed=2), *samples]
    wanted, got = masked_scores(network, changes, batches), cut_scores(network, changes, batches)
    if not all(torch.equal(a, b) for a, b in zip(wanted, got, strict=True)):
        raise ModelError(type(network).__name__, "cut and masked network differ", "Report this network")


@torch.no_grad()
def masked_scores(network: nn.Module, changes: Iterable[KeepChannels], batches: Iterable[Tensor]) -> list[Tensor]:
    """Scores of the whole network in eval mode where no layer sees a removed channel."""
    whole = copied(network).eval()
    with masking(whole, changes):
        return [whole(batch) for batch in batches]


@torch.no_grad()
def cut_scores(network: nn.Module, changes: Iterable[KeepChannels], batches: Iterable[Tensor]) -> list[Tensor]:
    """Scores of the cut network in eval mode with the whole network's integer weights."""
    changes = tuple(changes)
    cut = copied(network).eval()
    kept = {change.layer: change for change in changes}
    forms = {path: layer.integer_form() for path, layer in cut.named_modules() if isinstance(layer, Synapse)}
    apply(cut, changes)
    for path, form in forms.items():
        change = kept.get(path, KeepChannels(path))
        synapse_at(cut, path).compute_with(cut_form(form, change.outputs, change.inputs))
    return [cut(batch) for batch in batches]


@contextmanager
def masking(network: nn.Module, changes: Iterable[KeepChannels]) -> Iterator[None]:
    """While open, synapse layers see zeros in place of the inputs that the changes remove."""
    hooks = []
    for change in changes:
        if change.inputs is not None:
            layer = synapse_at(network, change.layer)
            hooks.append(layer.register_forward_pre_hook(_mask(change.inputs)))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _mask(kept: tuple[int, ...]):  # type: ignore[no-untyped-def]
    def hook(layer: nn.Module, inputs: tuple[Tensor, ...]) -> Tensor:
        (x,) = inputs
        mask = torch.zeros(x.shape[2], dtype=x.dtype)
        mask[list(kept)] = 1
        return x * mask.reshape(-1, *(1,) * (x.ndim - 3))

    return hook
