"""Encoders: the worked example, symmetries, chunks, and decoders that need nothing but the spikes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edgesnn import datasets
from edgesnn.encode import (
    AdaptiveEncoder,
    Encoder,
    FixedAdaptiveEncoder,
    MovingWindowEncoder,
    StepForwardEncoder,
    ThresholdEncoder,
    snr_db,
)
from edgesnn.errors import DataError

FLOATS: dict[str, Encoder] = {
    "adaptive": AdaptiveEncoder(1.0, 0.125, 8.0),
    "step-forward": StepForwardEncoder(1.0),
    "threshold": ThresholdEncoder(1.0),
    "moving-window": MovingWindowEncoder(1.0, window=3),
}
FIXED = FixedAdaptiveEncoder((256, 40, 3000))
ALL: dict[str, Encoder] = {**FLOATS, "fixed": FIXED}

signals = hnp.arrays(np.int64, st.tuples(st.integers(1, 60), st.just(3)), elements=st.integers(-32768, 32767))
small = hnp.arrays(np.int64, st.tuples(st.integers(1, 60), st.just(3)), elements=st.integers(-2000, 2000))


def speech() -> np.ndarray:
    """The loudness of thirty spoken digits, 10 ms a sample, in Q8.8: (50, 30)."""
    recordings, _ = datasets.recordings("fsdd", "test", 30)
    rows = [np.resize(np.abs(raw[: 80 * 50].astype(float)), 4000).reshape(50, 80).mean(axis=1) for raw in recordings]
    return np.rint(256 * np.log2(1 + np.stack(rows, axis=1))).astype(np.int64)


def test_worked_example() -> None:
    """x = 0 3 3 3 3 with theta 1: emit, move the base, then adapt. Two silent steps later nothing has changed; after
    four, theta 1.5 becomes 1.125 and, four later, 0.84375: the residual 1 is told by one more spike."""
    encoder = AdaptiveEncoder(1.0, 0.125, 8.0, grow=1.5, shrink=0.75, silence=4)
    assert encoder.encode(np.array([0.0, 3, 3, 3, 3])).tolist() == [0, 1, 1, 0, 0]
    stream = encoder.stream()
    thetas = []
    spikes = []
    for x in (0.0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3):
        spikes.append(int(stream.push(np.array([x]))[0]))
        assert stream.state is not None
        thetas.append(float(stream.state["theta"]))
    assert thetas == [1, 1, 1.5, 1.5, 1.5, 1.5, 1.125, 1.125, 1.125, 1.125, 0.84375, 1.265625]
    assert spikes == [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]


def test_a_turn_shrinks_the_threshold() -> None:
    """Up to 4 in one step of 3, base 3; down to 0: d = -3 is not below -3. With theta 2, base 2, then 0: theta 1.5."""
    encoder = AdaptiveEncoder(2.0, 0.25, 16.0)
    stream = encoder.stream()
    assert stream.push(np.array([0.0, 4, -1])).tolist() == [0, 1, -1]
    assert stream.state is not None
    assert (float(stream.state["base"]), float(stream.state["theta"])) == (0.0, 1.5)


@pytest.mark.parametrize("encoder", ALL.values(), ids=ALL)
@given(x=signals)
def test_spikes_are_ternary_and_a_constant_is_silent(encoder: Encoder, x: np.ndarray) -> None:
    spikes = encoder.encode(x)
    assert spikes.dtype == np.int8
    assert set(np.unique(spikes)) <= {-1, 0, 1}
    assert not encoder.encode(np.broadcast_to(x[0], (40, 3))).any()


@pytest.mark.parametrize("encoder", ALL.values(), ids=ALL)
@given(x=small, offset=st.integers(-20_000, 20_000))
def test_odd_and_blind_to_an_offset(encoder: Encoder, x: np.ndarray, offset: int) -> None:
    spikes = encoder.encode(x)
    assert np.array_equal(encoder.encode(-x), -spikes)
    assert np.array_equal(encoder.encode(x + offset), spikes)


@pytest.mark.parametrize("factor", [0.25, 2.0, 64.0, 0.3, 7.0, 1e4])
def test_scale(factor: float) -> None:
    """By powers of two floats scale exactly; by other factors nearly, and no step of this noise is so near to a
    threshold that it matters."""
    x = np.random.default_rng(1).normal(size=(300, 4)).cumsum(axis=0)
    plain = AdaptiveEncoder(0.5, 0.0625, 4.0)
    scaled = AdaptiveEncoder(0.5 * factor, 0.0625 * factor, 4.0 * factor)
    assert np.array_equal(scaled.encode(factor * x), plain.encode(x))


@pytest.mark.parametrize("encoder", ALL.values(), ids=ALL)
@given(x=signals, cuts=st.lists(st.integers(0, 60), max_size=6))
def test_chunks_are_the_whole(encoder: Encoder, x: np.ndarray, cuts: list[int]) -> None:
    stream = encoder.stream()
    parts = [stream.push(part) for part in np.split(x, sorted(min(cut, len(x)) for cut in cuts))]
    assert np.array_equal(np.concatenate(parts), encoder.encode(x))


@pytest.mark.parametrize("encoder", [FLOATS["adaptive"], FIXED], ids=["float", "fixed"])
@given(x=signals)
def test_the_decoder_knows_threshold_and_base(encoder: Encoder, x: np.ndarray) -> None:
    sender, receiver = encoder.start(x[0]), encoder.start(x[0])
    for sample in x[1:]:
        spikes = encoder.step(sender, sample)
        rebuilt = encoder.rebuild(receiver, spikes)
        assert np.array_equal(sender["theta"], receiver["theta"])
        assert np.array_equal(sender["base"], rebuilt)
    assert np.array_equal(encoder.decode(encoder.encode(x), x[0])[-1], sender["base"])


@given(x=signals)
def test_the_base_stays_between_what_it_was_and_the_sample(x: np.ndarray) -> None:
    """So it fits int16, and it is within a threshold wherever the step was no more than two of them."""
    state = FIXED.start(x[0])
    for sample in x[1:]:
        base, theta = state["base"], state["theta"]
        FIXED.step(state, sample)
        assert ((np.minimum(base, sample) <= state["base"]) & (state["base"] <= np.maximum(base, sample))).all()
        near = np.abs(sample - base) <= 2 * theta
        assert (np.abs(sample - state["base"])[near] <= theta[near]).all()
        assert ((FIXED.limits[0] <= state["theta"]) & (state["theta"] <= FIXED.limits[1])).all()


def test_fixed_point_agrees_with_floats_on_speech() -> None:
    """At least 98 % of the spikes, thresholds being those of the signal."""
    x = speech()
    theta = np.std(np.diff(x, axis=0), axis=0)
    fixed = FixedAdaptiveEncoder(tuple(int(t) for t in np.rint(theta)))
    floating = AdaptiveEncoder(*(tuple(np.rint(theta) * factor) for factor in (1.0, 1 / 8, 8.0)))
    assert np.mean(fixed.encode(x) == floating.encode(x)) >= 0.98


def test_encoding_from_zero_tells_the_level() -> None:
    encoder = FixedAdaptiveEncoder((100,))
    x = np.full((30, 1), 1234)
    spikes = encoder.encode(x, base=np.zeros(1, np.int64))
    assert abs(int(encoder.decode(spikes, 0, coded_first=True)[-1, 0]) - 1234) <= 100
    assert snr_db(np.arange(8.0), np.arange(8.0)) == float("inf")


@pytest.mark.parametrize(
    "make",
    [
        lambda: FixedAdaptiveEncoder(()),
        lambda: FixedAdaptiveEncoder((0,)),
        lambda: FixedAdaptiveEncoder((1 << 16,)),
        lambda: FixedAdaptiveEncoder((5,), span_up=16),
        lambda: FixedAdaptiveEncoder((5,), silence=0),
        lambda: FixedAdaptiveEncoder((5,), silence=256),
        lambda: AdaptiveEncoder(1.0, 0.0, 2.0),
        lambda: AdaptiveEncoder(1.0, 2.0, 3.0),
        lambda: AdaptiveEncoder(1.0, 0.5, float("nan")),
        lambda: AdaptiveEncoder(1.0, 0.5, 2.0, shrink=1.0),
        lambda: StepForwardEncoder(0.0),
        lambda: MovingWindowEncoder(1.0, window=0),
        lambda: StepForwardEncoder(1.0).encode(np.float64(3)),
    ],
)
def test_nonsense_is_refused(make: object) -> None:
    with pytest.raises(DataError):
        make()  # type: ignore[operator]
