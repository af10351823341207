"""The published behaviour of Lava's fixed-point LIF, in our operator. Lava's du is current_decay - 1."""

from __future__ import annotations

from edgesnn.integer.ops import Lif
from edgesnn.integer.ops.fire import Reset
from tests.integer.stepping import run_op

NEVER = (1 << 17) - 1


def test_current_decays_by_halves() -> None:
    """du = 2047, dv = 0, one input of 128: 128 << 6 = 8192, then halved each step."""
    lif = Lif(threshold=NEVER, current_decay=2048, voltage_decay=0, fraction_bits=6)
    _, states = run_op(lif, [[128]] + [[0]] * 7, [0], [0])
    assert [u for (u,), _ in states] == [8192, 4096, 2048, 1024, 512, 256, 128, 64]


def test_voltage_integrates_a_slow_current() -> None:
    """du = 0, dv = 2048. u loses 1/4096 and what rounding takes: 8192, 8190, 8188, ...; v halves and adds u:
    8192, 4096 + 8190 = 12286, 6143 + 8188 = 14331, 7165 + 8186 = 15351, ..."""
    lif = Lif(threshold=NEVER, current_decay=1, voltage_decay=2048, fraction_bits=6)
    _, states = run_op(lif, [[128]] + [[0]] * 7, [0], [0])
    assert [v for _, (v,) in states] == [8192, 12286, 14331, 15351, 15859, 16111, 16235, 16295]


def test_the_same_below_zero() -> None:
    """Decays round toward zero, so everything is odd in its input."""
    lif = Lif(threshold=NEVER, current_decay=1, voltage_decay=2048, fraction_bits=6)
    _, states = run_op(lif, [[-128]] + [[0]] * 7, [0], [0])
    assert [v for _, (v,) in states] == [-8192, -12286, -14331, -15351, -15859, -16111, -16235, -16295]


def test_a_spike_resets_the_voltage_only() -> None:
    """threshold 2 << 6 = 128, du = 2047, dv = 0, one input of 5: u = 320, 160, 80, 40; v = 320 fires, 160 fires, 80
    stays, 80 + 40 = 120 stays, 120 + 20 = 140 fires."""
    lif = Lif(threshold=2, current_decay=2048, voltage_decay=0, fraction_bits=6)
    spikes, states = run_op(lif, [[5]] + [[0]] * 4, [0], [0])
    assert spikes == [[1], [1], [0], [0], [1]]
    assert states == [[[320], [0]], [[160], [0]], [[80], [80]], [[40], [120]], [[20], [0]]]


def test_the_threshold_itself_does_not_fire() -> None:
    """Lava's comparison is strict: v = 3 << 6 against a threshold of 3."""
    assert run_op(Lif(threshold=3), [[3]], [0])[0] == [[0]]
    assert run_op(Lif(threshold=3), [[3]], [1])[0] == [[1]]


def test_bias_enters_the_voltage_every_step() -> None:
    """bias 10 without leak: v = 10, 20, 30; threshold 0 << 6 is passed at once."""
    assert run_op(Lif(threshold=NEVER, bias=10), [[0]] * 3, [0])[1] == [[[10]], [[20]], [[30]]]
    assert run_op(Lif(threshold=0, bias=10), [[0]] * 3, [0])[0] == [[1], [1], [1]]


def test_the_voltage_saturates_at_24_bits() -> None:
    """2^23 - 1 is the limit on both sides."""
    top = (1 << 23) - 1
    lif = Lif(threshold=NEVER, reset=Reset.NONE)
    assert run_op(lif, [[100]], [top - 5])[1] == [[[top]]]
    assert run_op(lif, [[-100]], [5 - top])[1] == [[[-top]]]
