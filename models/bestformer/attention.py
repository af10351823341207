"""Attention whose weights and whose maps have one bit."""

from __future__ import annotations

from torch import Tensor, nn

from edgesnn.errors import ConfigError
from edgesnn.layers import MatMul, StepScale
from edgesnn.models.bestformer.parts import counting_neuron, neuron, projection

ORDERS = ("map", "memory")


class BinaryAttention(nn.Module):
    """Membrane potentials of tokens (T, batch, dim, N) to currents of the same shape.

    Queries, keys and values are spikes of `heads` heads. Order "map" binarises the attention map of each head,
    A = LIF0(Q K^T) in {0,1}^(N x N), and mixes A V; order "memory" binarises M = LIF0(K^T V) in {0,1}^(d x d) and reads
    it with Q M, at a cost linear in N. Binarised, they are different functions. LIF0 subtracts its threshold. The mix
    times gain * lambda, one lambda a time step and head, fires at 1/2. (Here Q is (d, N), tokens last.)

    Raises ConfigError for an unknown order, or a dim that does not split into heads.
    """

    def __init__(
        self, dim: int, heads: int, time_steps: int, unit: int, order: str = "map", gain: float = 0.125
    ) -> None:
        super().__init__()
        if order not in ORDERS:
            raise ConfigError("attention", f"order {order!r} is unknown", f"Choose one of {', '.join(ORDERS)}")
        if dim % heads:
            raise ConfigError("attention", f"{dim} channels do not split into {heads} heads", "Change one of them")
        self.order = order
        self.fire = neuron(unit)
        self.query, self.query_fire = projection(dim, dim, unit), neuron(unit)
        self.key, self.key_fire = projection(dim, dim, unit), neuron(unit)
        self.value, self.value_fire = projection(dim, dim, unit), neuron(unit)
        is_map = order == "map"
        self.match = MatMul(heads, transpose_a=is_map, transpose_b=not is_map)
        self.match_fire = counting_neuron()
        self.mix = MatMul(heads, transpose_a=not is_map, transpose_b=is_map)
        self.scale = StepScale(time_steps, heads, gain, unit)
        self.mix_fire = neuron(unit // 2)
        self.out = projection(dim, dim, unit)

    def forward(self, x: Tensor) -> Tensor:
        s = self.fire(x)
        q, k, v = self.query_fire(self.query(s)), self.key_fire(self.key(s)), self.value_fire(self.value(s))
        mixed = self.read(q, k, v)
        return self.out(self.mix_fire(self.scale(mixed)))  # type: ignore[no-any-return]

    def read(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Counts (T, batch, dim, N) that the queries find."""
        if self.order == "map":
            return self.mix(v, self.match_fire(self.match(q, k)))  # type: ignore[no-any-return]
        return self.mix(self.match_fire(self.match(k, v)), q)  # type: ignore[no-any-return]
