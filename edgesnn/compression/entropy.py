"""Entropy in bits: what the values of weights and spikes can say."""

from __future__ import annotations

import numpy as np

from edgesnn.integer import Array


def entropy(probabilities: Array) -> float:
    """-sum p log2 p of a distribution; 0 log 0 is 0."""
    p = np.asarray(probabilities, np.float64)
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())


def rate_entropy(rate: float) -> float:
    """Of a neuron that spikes with that probability: 1 at a rate of 1/2."""
    return entropy(np.array([rate, 1 - rate]))


def weight_entropy(codes: Array) -> float:
    """Of the codes (outputs, ...) of each output channel, the mean over channels."""
    rows = codes.reshape(len(codes), -1)
    counts = (np.unique(row, return_counts=True)[1] for row in rows)
    return float(np.mean([entropy(count / count.sum()) for count in counts]))
