"""BESTformer: a spiking transformer with binary weights and binary attention maps (Cao et al., IJCAI 2025)."""

from __future__ import annotations

from torch import Tensor, nn

from edgesnn.integer import Encoding
from edgesnn.layers import Downscale, Membrane, QuantInput, QuantLinear, SumPool
from edgesnn.models.bestformer.attention import BinaryAttention
from edgesnn.models.bestformer.block import Mlp, ResidualBlock, ReversibleBlock
from edgesnn.models.bestformer.tokenizer import Tokenizer

TOKENS = 49
CLASSES = 10


class BestFormer(nn.Module):
    """28x28 grey image to ten scores: tokenizer, blocks, and a head on each of the last pair of token maps.

    In training it returns the scores of both heads, (T, batch, 10) each: the first learns the labels, the second
    imitates a teacher. In eval mode it returns their sum (the paper halves it, which changes no decision). `unit`
    stands for 1.0. Weights have 1 bit but in the first convolution and the heads (8).

    Args:
        dim: channels of a token; blocks, heads, ratio: of the transformer, ratio being the MLP's.
        order: of the attention, "map" or "memory"; see `BinaryAttention`.
        gain: of the attention. The paper's is 1/8, at which no neuron behind 49 tokens fires at first.
        reversible: False gives plain residual blocks and one head.
    """

    def __init__(
        self,
        dim: int = 64,
        blocks: int = 2,
        heads: int = 4,
        ratio: int = 2,
        time_steps: int = 4,
        unit: int = 64,
        order: str = "map",
        gain: float = 0.5,
        reversible: bool = True,
    ) -> None:
        super().__init__()
        self.unit, self.reversible = unit, reversible
        kind = ReversibleBlock if reversible else ResidualBlock
        self.image = QuantInput((1, 28, 28), time_steps, Encoding(shift=1))
        self.tokens = Tokenizer(dim, unit)
        self.blocks = nn.ModuleList(
            kind(BinaryAttention(dim, heads, time_steps, unit, order, gain), Mlp(dim, ratio, unit))
            for _ in range(blocks)
        )
        self.head = Head(dim, unit)
        self.second_head = Head(dim, unit) if reversible else None
        self.scores = Membrane()

    def forward(self, raw: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        x = self.tokens(self.image(raw))
        x0, x1 = x, x
        for block in self.blocks:
            x0, x1 = block(x0, x1)
        if self.second_head is None:
            return self.scores(self.head(x1))  # type: ignore[no-any-return]
        if self.training:
            return self.scores(self.head(x0)), self.scores(self.second_head(x1))
        return self.scores(self.head(x0) + self.second_head(x1))  # type: ignore[no-any-return]


class Head(nn.Module):
    """Token map (T, batch, dim, 49) to currents of ten classes: int8, summed over tokens, int8 again, 8-bit weights.

    The map is clipped at +-4 units, its mean over the tokens at +-2.6.
    """

    def __init__(self, dim: int, unit: int) -> None:
        super().__init__()
        self.tokens_to_int8 = Downscale((unit // 32).bit_length() - 1, bits=8)
        self.sum = SumPool(TOKENS)
        self.sum_to_int8 = Downscale(5, bits=8)
        self.linear = QuantLinear(dim, CLASSES, unit=unit, input_max=127)

    def forward(self, x: Tensor) -> Tensor:
        mean = self.sum_to_int8(self.sum(self.tokens_to_int8(x)).flatten(2))
        return self.linear(mean)  # type: ignore[no-any-return]
