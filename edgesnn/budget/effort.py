"""Bit budget and arithmetic effort.

The definitions are after Shen et al., "Are Conventional SNNs Really Efficient?", CVPR 2024 (arXiv:2311.10802), of which
only the abstract was at hand: BB = T b_s b_w, and S-ACE and NS-ACE below, are our reconstruction.

    ACE    = sum over layers of MACs * b_w * b_a                  of a quantised ANN
    S-ACE  = sum over layers of MACs * b_w * b_s * T              every synapse at every step
    NS-ACE = sum over layers of MACs * b_w * b_s * T * r          those whose input is not zero
    SynOps = sum over layers of MACs * T * r

MACs * T * r is counted event by event, so that borders of images are right. T is 1 where a layer is computed once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edgesnn.budget.bits import LayerBits


@dataclass(frozen=True)
class Effort:
    """Of a whole model. weight_bits, spike_bits and bit_budget are means weighted by MACs: where all layers agree
    they are b_w, b_s and T b_s b_w. s_ace = bit_budget * MACs always; at T = 1 it is the ACE of a quantised ANN."""

    weight_bits: float
    spike_bits: float
    bit_budget: float
    s_ace: float
    ns_ace: float
    syn_ops: float


def effort(layers: Sequence[LayerBits], events: Mapping[str, float], time_steps: int) -> Effort:
    """events: input events times their fan-out, by layer, of an inference of `time_steps` steps."""
    macs = sum(layer.macs for layer in layers) or 1
    counted = {layer.name: events[layer.name] * layer.steps / time_steps for layer in layers}
    s_ace = sum(layer.macs * layer.bit_budget for layer in layers)
    return Effort(
        weight_bits=sum(layer.macs * layer.weight_bits for layer in layers) / macs,
        spike_bits=sum(layer.macs * layer.spike_bits for layer in layers) / macs,
        bit_budget=s_ace / macs,
        s_ace=s_ace,
        ns_ace=sum(counted[layer.name] * layer.weight_bits * layer.spike_bits for layer in layers),
        syn_ops=sum(counted.values()),
    )
