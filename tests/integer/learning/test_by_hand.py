"""One sample of each rule on a tiny network, computed by hand."""

from __future__ import annotations

import numpy as np

from edgesnn.integer.learning import Layer, Learning, learner
from edgesnn.integer.learning.tally import Tally
from tests.integer.learning.networks import masters


def test_mpd_ed_by_hand() -> None:
    """Two inputs, one hidden neuron, two classes.

    Forward: input 0 at steps 0 and 1, input 1 at step 1; weights 40, 30, threshold 100: U = 40, then 110, a spike at
    step 1. Scores 16 and 0 with odds that halve every 16: p = 2/3, 1/3; label 1. Errors of 4096: 2731 and 1365 - 4096
    = -2731. Last layer: one event each; master -= 2731 / 2^4 = 170.7: 16 * 256 - 171 = 3925, 0 + 171 = 171.
    Hidden: 2731 * 16 - 2731 * 0 = 43696; in thresholds of 16 and finer by 2^1: 43696 / 16 * 2 = 5462. The surrogate:
    1 - 10 / 100 = 0.9, of 4096 3686 (1 - 410 / 4096): 5462 * 3686 / 4096 = 4915.3.
    Traces 2 and 1: masters -= 9830 / 2^8 = 38.4, 19.2:
    10240 - 38 = 10202, 7680 - 19 = 7661.
    """
    constants = Learning("mpd-ed", rate_shift=4, hidden_rate_shift=8, error_shift=1, softness=4)
    network = learner((Layer([[40, 30]], 100), Layer([[16], [0]], 0)), 2, constants)
    assert network.learn(np.array([[1, 0], [1, 1]]), 1) == 0
    assert masters(network) == [[[10202, 7661]], [[3925], [171]]]
    assert [weights.weight.tolist() for weights in network.weights] == [[[40, 30]], [[15], [1]]]
    assert network.tally == Tally(
        samples=1, learned=1, adds=3 + 2, reciprocals=1 + 1 + 1, multiplies=2 + 2 + 2, updates=4, events=3 + 1,
        records=1, reads=2,
    )  # fmt: skip


def test_stbp_by_hand() -> None:
    """The same network and sample: step 0 has an error too. U = 40 is 60 below the threshold: 1 - 60 / 100 = 0.4, of
    4096 1638 (1 - 2458 / 4096). Errors 5462 * 3686 / 4096 = 4915 at step 1 and 5462 * 1638 / 4096 = 2184 at step 0,
    which the later one adds to, there being no reset between: 7099. Masters over 2^8: 19.2 for both inputs, 27.7 for
    input 0.
    """
    constants = Learning("stbp", rate_shift=4, hidden_rate_shift=8, error_shift=1, softness=4)
    network = learner((Layer([[40, 30]], 100), Layer([[16], [0]], 0)), 2, constants)
    assert network.learn(np.array([[1, 0], [1, 1]]), 1) == 0
    assert masters(network) == [[[10240 - 19 - 28, 7680 - 19]], [[3925], [171]]]
    assert network.tally == Tally(
        samples=1, learned=1, adds=3 + 2, reciprocals=1 + 2, multiplies=2, updates=2 + 3, events=3 + 1, reads=2
    )


def test_std_ed_by_hand() -> None:
    """The same network with thresholds 100 and 64, output weights 96 and 0.

    The hidden spike at step 1 drives output 0 from 0 to 96: it fires at 1 - 32/96 = 0.667 steps, 171 of 256. Output 1
    stays silent: 64 are missing at 8 a step, 8 steps after the last: time 9, and 10 as label 1: 2560. The end is 2
    steps, 512. Odds halve every 4 steps = 1024: 16 * 2389 / 1024 = 37.3 sixteenths, rounded down 37: 26386 / 4 of
    32768; of the end 16 * 341 / 1024 = 5.3: 26386. p = 0.4984, 0.1003 and 0.4013: errors 2041, 411 - 4096 = -3685.
    Slowness 64 / 96 = 0.667 (2730 of 4096), 64 / 8 = 8 (32767). u = 2041 * 2730 / 4096 = 1360, -3685 * 8 = -29479. One
    event each: masters -= 1360 / 16 = 85, -1842.4: 24576 - 85 = 24491, 1842.
    Hidden: 1360 * 96 / 64 * 2 = 4080; its slope 70 in 100: 1.42857, 5851 of 4096: u = 5828.1. Traces 2, 1: 45.5, 22.8.
    """
    constants = Learning("std-ed", rate_shift=4, hidden_rate_shift=8, error_shift=1, softness=2)
    network = learner((Layer([[40, 30]], 100), Layer([[96], [0]], 64)), 2, constants)
    assert network.learn(np.array([[1, 0], [1, 1]]), 1) == 0
    assert masters(network) == [[[10240 - 46, 7680 - 23]], [[24491], [1842]]]


def test_stdbp_by_hand() -> None:
    """Four ticks, two a unit. Inputs at 0 and 1, weights 40, 20, threshold 60: V(1) = 40, slope 60: the hidden spike at
    tick ceil((60 + 20) / 60) = 2. Output 0 rises by 32 from there: 32 at tick 3, its threshold: tick 3. Output 1:
    slope 0, taken as 32 >> 4 = 2: 32 missing, 16 ticks after tick 4: 20, of which traces see 8. Odds halve every 2^3
    ticks: 17 / 8 * 16 = 34 sixteenths: 2^(-34/16) = 7512 / 32768 (30048 >> 2). p = 0.8135, 0.1865; label 1: errors
    3332, -3332. Slowness in units of two ticks: 32 / (2 * 32) = 1/2, and 32 / (2 * 2) = 8 (32767 of 4096). u = 1666,
    -26655.
    Traces: 3 - 2 = 1 and 8 - 2 = 6: masters -= 1666 / 64 = 26.03, -159930 / 64 = -2498.9: 8192 - 26 = 8166, 2499.
    Hidden: 1666 * 32 / 32 * 2 = 3332, finer by 2: 6664. Slowness 60 / (2 * 60) = 1/2: 3332. Traces 2, 1 over 2^8:
    26.03, 13.02.
    """
    constants = Learning("stdbp", rate_shift=6, hidden_rate_shift=8, error_shift=1, softness=3)
    network = learner((Layer([[40, 20]], 60), Layer([[32], [0]], 32)), 4, constants)
    assert network.learn(np.array([0, 1]), 1) == 0
    assert masters(network) == [[[10240 - 26, 5120 - 13]], [[8166], [2499]]]
