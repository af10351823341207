"""The learning rules, one neuron and one spike at a time, in float64: what the fast forms are compared with."""

from edgesnn.learn.reference.integrate_fire import Spike, integrate
from edgesnn.learn.reference.mpd_ed import mpd_ed_backward
from edgesnn.learn.reference.relpsp import RampSpike, relpsp, relpsp_backward, spike_time
from edgesnn.learn.reference.std_ed import spike_times, std_ed_backward

__all__ = [
    "RampSpike", "Spike", "integrate", "mpd_ed_backward", "relpsp", "relpsp_backward", "spike_time", "spike_times",
    "std_ed_backward",
]  # fmt: skip
