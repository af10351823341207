"""What dense and convolutional layers share: quantised weights, normalisation, the output's fixed-point unit."""

from __future__ import annotations

import abc
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from edgesnn.errors import ConfigError
from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Rescale
from edgesnn.integer.signal import Interval, Meaning, Shape, Signal
from edgesnn.layers.norm import ChannelNorm
from edgesnn.layers.steps import repeated as repeat_steps
from edgesnn.layers.straight_through import clamp_through, round_through
from edgesnn.layers.weights import BinaryWeight, power_of_two, quantiser

INT32_MAX = (1 << 31) - 1
MULTIPLIER_MAX = (1 << 15) - 1
SHIFT_MAX = 24
FOLDED_MAX = 126


@dataclass(frozen=True)
class IntegerSynapse:
    """The integer form of a layer: codes (int64), and per channel y = (acc * multiplier + offset) >> shift.

    A folded layer has no multiplier: y = acc + offset, shift 0.
    """

    codes: Tensor
    weight_bits: int
    zero_free: bool
    offset: Tensor
    multiplier: Tensor | None
    shift: int


class Synapse(nn.Module, abc.ABC):
    """A linear layer whose output is an integer current: `unit` stands for 1.0, the next neuron's threshold.

    In eval() the output is exactly that of the integer model; in training it is the same up to the rounding of gain
    and offset, with straight-through gradients. Inputs and outputs are (T, batch, channels, ...).

    Args:
        weight_bits: 1, 2, 4 or 8.
        grid: of the weights, one of `edgesnn.layers.weights.GRIDS`; None is binary (regulated) for 1 bit, else linear.
        norm: normalise each output channel; otherwise a trained bias.
        unit: integer current that stands for 1.0.
        input_max: largest |input|: 1 for spikes, 127 for 7-bit pixels. Inputs count as x / input_max.
        folded: put gain and scale into the weights themselves, even integers within +-126 (1-bit ones become +- a
            power of two a channel), as Loihi's 8-bit synapses want them. Needs no rescaling.
        symmetric: opposite inputs give opposite currents: neither norm nor bias, and currents that are exact multiples
            of the accumulators, for `TernaryLif`.
    """

    def __init__(
        self,
        weight_shape: tuple[int, ...],
        weight_bits: int,
        norm: bool,
        unit: int,
        input_max: int,
        folded: bool,
        grid: str | None,
        symmetric: bool,
    ) -> None:
        super().__init__()
        channels = weight_shape[0]
        if symmetric and (norm or folded):
            raise ConfigError(type(self).__name__, "is symmetric and has a norm or is folded", "Leave out one of them")
        self.weight = nn.Parameter(torch.empty(weight_shape))
        nn.init.kaiming_normal_(self.weight, nonlinearity="relu")
        self.quantise = quantiser(weight_bits, grid)
        self.norm = ChannelNorm(channels) if norm else None
        self.bias = None if norm or symmetric else nn.Parameter(torch.zeros(channels))
        self.symmetric = symmetric
        self.unit, self.input_max, self.folded = unit, input_max, folded
        self.precision = torch.float32  # of the products during training; bfloat16 is enough there
        self.divisor = 1  # inputs are integers / divisor: lowering sets it behind a mean
        self._frozen: IntegerSynapse | None = None

    def requantise(self, bits: int, grid: str | None = None, **options: object) -> None:
        """Puts the weights on another grid; the latent float weights stay as they are."""
        self.quantise = quantiser(bits, grid, **options)
        self.quantise.train(self.training)
        self._frozen = None

    @abc.abstractmethod
    def synapse_operator(self, form: IntegerSynapse) -> Operator:
        """The integer operator that computes the accumulators (and, folded, the offset) of `form`."""

    def operators(self, shape: Shape) -> tuple[Operator, ...]:
        """What this layer becomes for an input of this shape: accumulators, then a rescaling unless folded."""
        form = self.integer_form()
        synapse = self.synapse_operator(form)
        if form.multiplier is None:
            return (synapse,)
        column = (-1, *(1,) * (len(synapse.output_shape((placeholder(shape),))) - 1))
        multiplier, offset = (value.numpy().reshape(column) for value in (form.multiplier, form.offset))
        return synapse, Rescale(multiplier, offset, form.shift)

    @abc.abstractmethod
    def product(self, x: Tensor, weight: Tensor) -> Tensor:
        """The linear map: x (samples, channels, ...) without bias."""

    def train(self, mode: bool = True) -> Synapse:
        self._frozen = None
        return super().train(mode)

    def forward(self, x: Tensor) -> Tensor:
        repeated = x.shape[0] > 1 and x.stride(0) == 0  # the same input at every step: compute it once
        steps = x.shape[0]
        rows = x[:1] if repeated else x
        flat = rows.flatten(0, 1)
        y = self.trained(flat) if self.training else self.exact(flat)
        y = y.reshape(*rows.shape[:2], *y.shape[1:])
        return repeat_steps(y, steps) if repeated else y

    def trained(self, x: Tensor) -> Tensor:
        """Currents during training: float weights on their grid, batch statistics, rounded to integers."""
        if self.folded:
            return self._trained_folded(x)
        weight = self.quantise(self.weight) / self.input_max
        z = self.product(x.to(self.precision), weight.to(self.precision))
        if self.norm is not None:
            return round_through(self.norm(z, self.unit))
        return round_through(self.unit * (z if self.bias is None else z + _column(self.bias, z)))

    def _trained_folded(self, x: Tensor) -> Tensor:
        x = x.to(self.weight.dtype)
        if self.norm is None:
            gain, offset = self._gain_and_offset()
        else:
            with torch.no_grad():
                z = self.product(x, self.quantise(self.weight) / self.input_max)
                mean, var = self.norm.batch_statistics(z)
            gain, offset = self.norm.gain_and_offset(mean, var)
        y = self.product(x, self._folded_weight(gain))
        return y + _column(round_through(self.unit * offset), y)

    def _folded_weight(self, gain: Tensor) -> Tensor:
        """Even integers: the quantised weight times gain and unit, with straight-through gradients."""
        weight: Tensor = self.quantise(self.weight)
        factor = gain.abs().clamp(min=1e-6) * self.unit / self.input_max
        if isinstance(self.quantise, BinaryWeight):
            scale = weight.detach().flatten(1)[:, 0].abs() * factor
            snapped = power_of_two(scale.detach()).clamp(2, 64)
            factor = factor * (snapped / scale.detach())  # the power of two in value, the gain in gradient
            return weight * _rows(factor * torch.sign(gain.detach()), weight)
        scaled = self.weight * _rows(factor * torch.sign(gain.detach()), weight)
        return clamp_through(2 * round_through(scaled / 2), -FOLDED_MAX, FOLDED_MAX)

    def _gain_and_offset(self) -> tuple[Tensor, Tensor]:
        """Per channel, of the running statistics."""
        if self.norm is not None:
            return self.norm.gain_and_offset()
        offset = self.weight.new_zeros(len(self.weight)) if self.bias is None else self.bias
        return torch.ones_like(offset), offset

    def exact(self, x: Tensor) -> Tensor:
        """Currents of the integer model, bit for bit, as float32."""
        form = self.integer_form()
        codes = form.codes.to(x.dtype)
        # rounding undoes whatever a fast convolution algorithm may lose: the true sums are integers below 2^23
        accumulator = torch.round(self.product(torch.round(x * self.divisor), codes))
        if form.multiplier is None:
            return accumulator + _column(form.offset, accumulator).to(x.dtype)
        total = accumulator.double() * _column(form.multiplier, x) + _column(form.offset, x)
        return torch.floor(total / (1 << form.shift)).to(x.dtype)

    @torch.no_grad()
    def integer_form(self) -> IntegerSynapse:
        """Codes, multiplier, offset and shift of the trained layer."""
        if self._frozen is None or self.training:
            self._frozen = self._folded_form() if self.folded else self._rescaled_form()
        return self._frozen

    def compute_with(self, form: IntegerSynapse) -> None:
        """Uses this form in place of the layer's own, until the layer is next put into eval or training mode."""
        self._frozen = form

    def _folded_form(self) -> IntegerSynapse:
        gain, offset = self._gain_and_offset()
        codes = torch.round(self._folded_weight(gain)).long()
        if self.divisor != 1:
            raise ValueError("a folded layer cannot absorb a mean")
        return IntegerSynapse(codes, 8, False, torch.round(self.unit * offset).long(), None, 0)

    def _rescaled_form(self) -> IntegerSynapse:
        codes, scale = self.quantise.codes_and_scale(self.weight)
        gain, offset = self._gain_and_offset()
        factor = self.unit * gain.double() * scale.double() / (self.input_max * self.divisor)
        start = self.unit * offset.double()
        reach = codes.double().flatten(1).abs().sum(dim=1) * self.input_max * self.divisor
        shift = 0 if self.symmetric else fitting_shift(factor, start, reach)
        multiplier = torch.round(factor * (1 << shift)).long()
        half = (1 << shift) >> 1
        rounded = torch.round(start * (1 << shift)).long() + half
        quantise = self.quantise
        return IntegerSynapse(codes.long(), quantise.bits, quantise.zero_free, rounded, multiplier, shift)


def placeholder(shape: Shape) -> Signal:
    """A signal of which only the shape matters."""
    return Signal(shape, Meaning.SPIKE, Interval.zero(shape))


def fitting_shift(factor: Tensor, offset: Tensor, reach: Tensor) -> int:
    """The largest shift for which every multiplier fits 16 bits and every sum 32, given the accumulators' reach."""
    for shift in range(SHIFT_MAX, -1, -1):
        multiplier = torch.round(factor * (1 << shift)).abs()
        total = (multiplier * reach + (offset.abs() + 1) * (1 << shift)).max()
        if multiplier.max() <= MULTIPLIER_MAX and total <= INT32_MAX:
            return shift
    raise ValueError(f"gain {float(factor.abs().max())} is beyond 16 bits; use a smaller unit")


def _column(value: Tensor, like: Tensor) -> Tensor:
    """A value a channel, shaped for (samples, channels, ...)."""
    return value.reshape(1, -1, *(1,) * (like.ndim - 2))


def _rows(value: Tensor, weight: Tensor) -> Tensor:
    """A value a channel, shaped for (outputs, ...)."""
    return value.reshape(-1, *(1,) * (weight.ndim - 1))


__all__ = ["IntegerSynapse", "Synapse", "fitting_shift"]
