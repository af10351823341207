"""One line a layer: cost and activity."""

from __future__ import annotations

from edgesnn.profiling import LayerProfile, Profile
from edgesnn.report import format as fmt

LAYER_COLUMNS = (
    "layer", "kind", "shape", "spikes", "rate", "synaptic adds", "of dense", "instructions", "modelled cycles",
    "worst case", "break-even", "weights", "state", "arena",
)  # fmt: skip
LAYER_RIGHT = frozenset(LAYER_COLUMNS[3:])


def layer_rows(profile: Profile) -> list[tuple[str, ...]]:
    """Cells of every layer in graph order, totals last."""
    return [layer_row(layer) for layer in profile.layers] + [total_row(profile)]


def layer_row(layer: LayerProfile) -> tuple[str, ...]:
    return (
        layer.name,
        layer.kind,
        fmt.shape(layer.shape),
        fmt.count(layer.spikes),
        fmt.percent(layer.rate),
        fmt.count(layer.synaptic_adds) if layer.dense_adds else fmt.UNKNOWN,
        fmt.percent(layer.synaptic_adds / layer.dense_adds) if layer.dense_adds else fmt.UNKNOWN,
        fmt.count(layer.instructions),
        fmt.count(layer.cycles),
        fmt.count(layer.worst_instructions),
        threshold(layer.dense_instructions, layer.break_even),
        fmt.size(layer.weight_bytes),
        fmt.size(layer.state_bytes),
        fmt.size(layer.arena_bytes),
    )


def threshold(dense: float | None, rate: float | None) -> str:
    """The rate from which on dense kernels, if they are known, would cost less."""
    if dense is None:
        return fmt.UNKNOWN
    return "none" if rate is None else fmt.percent(rate)


def total_row(profile: Profile) -> tuple[str, ...]:
    def total(name: str) -> int | None:
        known = [getattr(layer, name) for layer in profile.layers if getattr(layer, name) is not None]
        return sum(known) if known else None

    share = profile.synaptic_adds / profile.dense_adds if profile.dense_adds else None
    return (
        "total",
        "",
        "",
        fmt.count(profile.spikes),
        "",
        fmt.count(profile.synaptic_adds),
        fmt.percent(share),
        fmt.count(profile.instructions),
        fmt.count(profile.cycles.value if profile.cycles else None),
        fmt.count(profile.worst_case.instructions if profile.worst_case else None),
        threshold(profile.dense.instructions, profile.dense.rate) if profile.dense else fmt.UNKNOWN,
        fmt.size(total("weight_bytes")),
        fmt.size(total("state_bytes")),
        "",
    )
