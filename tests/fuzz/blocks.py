"""Random pieces of a network between two neurons: synapses, poolings, branches, rescaling, reshaping."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from edgesnn.integer.operator import Operator
from edgesnn.integer.ops import Add, Concat, Conv, Dense, MaxPool, Rescale, Reshape, StepRescale, SumPool
from tests.fuzz.arrays import bias, grid, spread, weights
from tests.fuzz.builder import Builder
from tests.fuzz.source import Source

INT32 = (1 << 31) - 1


def flatten(builder: Builder) -> None:
    if len(builder.signal.shape) > 1:
        builder.add(Reshape((builder.signal.size,)), builder.last)


def dense(source: Source, builder: Builder, outputs: int | None = None) -> None:
    flatten(builder)
    builder.narrow()
    outputs = outputs or source.integer(1, 12)
    on = grid(source)
    weight = weights(source, (outputs, builder.signal.size), on)
    op = Dense(weight, bias=bias(source, outputs), **asdict(on))
    builder.add(op, builder.last)


def window(source: Source, spatial: tuple[int, ...], dilated: bool) -> dict[str, tuple[int, ...]]:
    """kernel, stride, padding and dilation of a window that fits."""
    kernel, stride, dilation, begins, ends = [], [], [], [], []
    for size in spatial:
        k = source.integer(1, min(4, size))
        d = source.integer(1, 3) if dilated and k > 1 and (k - 1) * 3 < size else 1
        kernel.append(k)
        dilation.append(d)
        stride.append(source.integer(1, 3))
        begins.append(source.integer(0, k - 1))
        ends.append(source.integer(0, k - 1))
    sizes = {"kernel": tuple(kernel), "stride": tuple(stride), "padding": (*begins, *ends)}
    return sizes | ({"dilation": tuple(dilation)} if dilated else {})


def conv(source: Source, builder: Builder) -> None:
    """A convolution; dense where the signal has no spatial axes."""
    channels, *spatial = builder.signal.shape
    if not spatial:
        return dense(source, builder)
    builder.narrow()
    groups = source.choice([g for g in (1, channels, 2) if channels % g == 0])
    outputs = groups * source.integer(1, 6 // groups if groups < 6 else 1)
    attributes = window(source, tuple(spatial), dilated=True)
    kernel, on = attributes.pop("kernel"), grid(source)
    weight = weights(source, (outputs, channels // groups, *kernel), on)
    builder.add(Conv(weight, bias=bias(source, outputs), groups=groups, **attributes, **asdict(on)), builder.last)


def pool(source: Source, builder: Builder) -> None:
    spatial = builder.signal.shape[1:]
    if not spatial:
        return None
    attributes = window(source, spatial, dilated=False)
    if builder.is_spikes and source.chance(50):
        builder.append(MaxPool(**attributes))
    else:
        builder.narrow()
        builder.append(SumPool(**attributes))


def rescale(source: Source, builder: Builder) -> None:
    """A change of scale whose product provably fits int32: either sign, with or without saturation."""
    signal = builder.signal
    reach = max(1, signal.range.maximum, -signal.range.minimum)
    limit = min(source.choice((4, 1, 1 << 7, 1 << 15)), INT32 // (2 * reach))
    room = min(INT32 // 2, source.choice((0, reach, 1 << 20)))
    shift = source.choice((limit.bit_length(), 0, source.integer(0, 30)))
    ends = source.choice(((-INT32, INT32), (-128, 127), (-INT32, 50), (-7, INT32), (0, 1)))
    multiplier, offset = spread(source, signal.shape, -limit, limit), spread(source, signal.shape, -room, room)
    builder.append(Rescale(multiplier, offset, shift, *ends))


def step_rescale(source: Source, builder: Builder) -> None:
    """Scales of either sign for one step, for fewer than a sample has, or for more."""
    signal = builder.signal
    reach = max(1, signal.range.maximum, -signal.range.minimum)
    limit = min(source.choice((4, 1, 1 << 7, 1 << 15)), INT32 // (2 * reach))
    steps = source.choice((builder.time_steps, 1, source.integer(1, 40)))
    shift = source.choice((limit.bit_length(), 0, source.integer(0, 30)))
    multiplier = np.stack([spread(source, signal.shape, -limit, limit)] * steps)
    multiplier = multiplier * source.rng().integers(-1, 2, (steps, *(1,) * (multiplier.ndim - 1)))
    builder.append(StepRescale(multiplier, spread(source, signal.shape, -reach, reach), shift))


def reshape(source: Source, builder: Builder) -> None:
    """The same elements with other axes, if their number splits."""
    size = builder.signal.size
    factor = source.choice([f for f in range(1, min(size, 6) + 1) if size % f == 0])
    rest = size // factor
    shapes: list[tuple[int, ...]] = [(size,), (factor, rest)]
    shapes += [(factor, f, rest // f) for f in (1, 2, 3) if rest % f == 0]
    builder.add(Reshape(source.choice(shapes)), builder.last)


def residual(source: Source, builder: Builder) -> None:
    """x plus synapses of x that keep its shape, as deep networks skip layers."""
    builder.narrow()
    start, shape, on = builder.last, builder.signal.shape, grid(source)
    rank = len(shape) - 1
    channels = shape[0]
    if rank:
        kernel = tuple(source.choice((3, 1)) for _ in range(rank))
        pads = tuple(k // 2 for k in kernel) * 2
        op: Operator = Conv(weights(source, (channels, channels, *kernel), on), padding=pads, **asdict(on))
    else:
        op = Dense(weights(source, (channels, channels), on), bias=bias(source, channels), **asdict(on))
    builder.add(Add(), builder.add(op, start), start)


def twins(source: Source, builder: Builder) -> None:
    """Two sets of synapses of the same form from one node, added up."""
    builder.narrow()
    start, (channels, *spatial) = builder.last, builder.signal.shape
    attributes = window(source, tuple(spatial), dilated=True) if spatial else {}
    kernel = attributes.pop("kernel", ())
    outputs = source.integer(1, 6)
    sums = []
    for _ in range(2):
        on = grid(source)
        weight = weights(source, (outputs, channels, *kernel), on)
        op: Operator = Conv(weight, **attributes, **asdict(on)) if spatial else Dense(weight, **asdict(on))
        sums.append(builder.add(op, start))
    builder.add(Add(), *sums)


def branch(source: Source, builder: Builder) -> None:
    """Two paths from one node, joined by Add or Concat: a residual connection, or two synapses."""
    start = builder.last
    for _ in range(source.integer(0, 2)):
        source.choice((conv, rescale, pool, reshape))(source, builder)
    left = builder.last
    if source.chance(50) and left != start:
        right = start
    else:
        builder.last = start
        source.choice((rescale, conv, pool))(source, builder)
        right = builder.last
    joins: tuple[Operator, ...] = (Add(), Concat()) if source.chance(60) else (Concat(), Add())
    if any(builder.fits(join, left, right) for join in joins):
        return
    join_flat(builder, left, right)


def join_flat(builder: Builder, left: str, right: str) -> None:
    """Joins whatever two branches became, so that nothing is left unread."""
    flat = []
    for name in (left, right):
        builder.last = name
        flatten(builder)
        flat.append(builder.last)
    builder.add(Concat(), *flat)
