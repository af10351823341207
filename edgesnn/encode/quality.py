"""How well spikes tell a signal."""

from __future__ import annotations

import numpy as np

from edgesnn.encode.encoder import Samples


def snr_db(signal: Samples, rebuilt: Samples) -> float:
    """10 log10 of the signal's variance over time to the mean squared error, summed over channels; (T, *channels)."""
    power = float(((signal - signal.mean(axis=0)) ** 2).sum())
    error = float(((signal - rebuilt) ** 2).sum())
    return 10 * float(np.log10(power / error)) if power and error else float("inf" if power else "-inf")
