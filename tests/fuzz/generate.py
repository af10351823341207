"""One random integer model from a source of choices."""

from __future__ import annotations

from edgesnn.integer import Array, Model
from edgesnn.integer.ops import FirstSpike, Input, Membrane, SpikeCount
from tests.fuzz import blocks
from tests.fuzz.arrays import spread
from tests.fuzz.attention import attention, gram
from tests.fuzz.builder import Builder
from tests.fuzz.neurons import add_neuron, decay
from tests.fuzz.source import Source

RANGES = ((0, 1), (0, 127), (-128, 127), (-1, 1), (-7, 12), (3, 3))
MAX_CLASSES = 16
BLOCKS = (
    blocks.conv, blocks.dense, blocks.residual, blocks.twins, blocks.branch, blocks.pool, blocks.rescale, blocks.conv,
    blocks.reshape, attention, gram,
)  # fmt: skip


def random_model(source: Source, name: str = "random", streaming: bool | None = None) -> Model:
    """A valid model of one to four blocks with every choice made by `source`, unless `streaming` is given."""
    streams = source.chance(20) if streaming is None else streaming
    builder = Builder(random_input(source), time_steps(source), streams)
    for _ in range(source.integer(1, 4)):
        add_block(source, builder)
    add_readout(source, builder)
    return builder.model(name)


def random_input(source: Source) -> Input:
    rank = source.integer(1, 3)
    sizes = (source.integer(1, 4), source.integer(1, 9), source.integer(1, 9)) if rank > 1 else (source.integer(1, 20),)
    return Input(sizes[:rank], *source.choice(RANGES))


def time_steps(source: Source) -> int:
    return source.choice((source.integer(1, 8), 2, source.integer(1, 32)))


def add_block(source: Source, builder: Builder) -> None:
    """Synapses or something else, then usually a neuron."""
    source.choice(BLOCKS)(source, builder)
    if source.chance(25):
        source.choice((blocks.rescale, blocks.step_rescale))(source, builder)
    if source.chance(75):
        add_neuron(source, builder)
        if source.chance(30):
            blocks.pool(source, builder)


def add_readout(source: Source, builder: Builder) -> None:
    blocks.flatten(builder)
    if builder.signal.size > MAX_CLASSES:
        blocks.dense(source, builder, source.integer(1, MAX_CLASSES))
    kind = source.choice(("membrane", "count", "first"))
    if kind == "membrane":
        return add_membrane(source, builder)
    if not builder.is_spikes:
        add_neuron(source, builder, binary=True)
    if builder.streaming or kind == "first":
        builder.add(FirstSpike(source.choice((builder.time_steps, 1, 40))), builder.last)
    else:
        builder.add(SpikeCount(), builder.last)


def add_membrane(source: Source, builder: Builder) -> None:
    """A membrane readout; one that leaks, and narrow enough, where it must run for ever."""
    leak = max(1, decay(source)) if builder.streaming else decay(source)
    bias = spread(source, builder.signal.shape, -1000, 1000)
    if builder.append(Membrane(bias, leak, source.choice((0, 6, source.integer(0, 16))))):
        return
    builder.narrow()
    if not builder.append(Membrane(bias, leak)):
        builder.add(Membrane(0, 4096), builder.last)


def samples_for(model: Model, source: Source, samples: int = 5) -> Array:
    """Inputs (samples, T, *shape) at the ends of the declared range: lowest, highest, either, sparse, any value."""
    rng, op = source.rng(), model.input_op
    shape = (samples, model.time_steps, *op.shape)
    x = rng.integers(op.low, op.high, shape, endpoint=True)
    x[0:1] = op.low
    x[1:2] = op.high
    x[2:3] = rng.choice([op.low, op.high], x[2:3].shape)
    rest = min(max(0, op.low), op.high)
    x[3:4] = rng.choice([rest, op.high], x[3:4].shape, p=[0.9, 0.1])
    return x
