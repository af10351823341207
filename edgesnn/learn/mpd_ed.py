"""MPD-ED in torch, and learning with surrogate gradients at every step (STBP), of which it is the part at spikes.

`edgesnn.learn.reference.mpd_ed` has the equations and what is known of their origin.
"""

from __future__ import annotations

import torch
from torch import Tensor

from edgesnn.learn.input_spikes import InputSpikes, currents, weight_gradient
from edgesnn.learn.integrate_fire import integrate, onto_inputs


class MpdEdSpikes(torch.autograd.Function):
    """Spikes (T, batch, outputs) of leaky or plain integrate-and-fire neurons for inputs (T, batch, inputs).

    width: of the triangular surrogate. everywhere: errors of all neurons at all steps, which is STBP with the reset
    kept out of the gradient (Wu et al., Front. Neurosci. 2018); otherwise only where there was a spike.
    """

    @staticmethod
    def forward(  # type: ignore[no-untyped-def]
        ctx, x: Tensor | InputSpikes, weight: Tensor, threshold: Tensor, width: float, leak: float, everywhere: bool
    ) -> Tensor:
        charged = integrate(currents(x, weight), threshold, leak)
        surrogate = (1 - (charged.potential - threshold).abs() / width).clamp(min=0) / width
        visited = surrogate if everywhere else surrogate * charged.spikes
        ctx.save_for_backward(weight, charged.spikes, visited)
        ctx.x, ctx.leak = x, leak
        return charged.spikes

    @staticmethod
    def backward(ctx, delta: Tensor) -> tuple[Tensor | None, Tensor, None, None, None, None]:  # type: ignore[no-untyped-def]
        weight, spikes, visited = ctx.saved_tensors
        errors = onto_inputs(delta * visited, spikes, ctx.leak)
        onward = errors @ weight if ctx.needs_input_grad[0] else None
        return onward, weight_gradient(errors, ctx.x), None, None, None, None
