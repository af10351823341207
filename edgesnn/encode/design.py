"""Designing a front end: sizes from the user, everything else from training recordings and from nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from edgesnn.encode import mel
from edgesnn.encode.adaptive import THETA_MAX, FixedAdaptiveEncoder
from edgesnn.encode.channels import ChannelFrontEnd
from edgesnn.encode.encoder import Samples
from edgesnn.encode.front_end import INT16_MAX, MAX_RATE, UNIT, FrontEnd
from edgesnn.encode.spectrum import cosines
from edgesnn.encode.speech import SpeechFrontEnd, hann
from edgesnn.errors import ConfigError
from edgesnn.integer import Array

Kind = TypeVar("Kind", bound=FrontEnd)
GAIN_SHIFT = 12


@dataclasses.dataclass(frozen=True)
class Thresholds:
    """How the encoder's thresholds follow from the signal's: theta0 = scale * std of the differences, per channel.

    span_down, span_up, silence: see `FixedAdaptiveEncoder`.
    """

    scale: float = 1.0
    span_down: int = 3
    span_up: int = 3
    silence: int = 4

    def encoder(self, theta: Array) -> FixedAdaptiveEncoder:
        return FixedAdaptiveEncoder(tuple(int(t) for t in theta), self.span_down, self.span_up, self.silence)


def design_speech(
    recordings: Sequence[Samples],
    sample_rate: int = 8000,
    bands: int = 24,
    frames: int = 50,
    upsample: int = 2,
    window_ms: float = 25,
    step_ms: float = 10,
    low_hz: float = 100,
    high_hz: float | None = None,
    floor_bits: int = 12,
    preemphasis_shift: int = 5,
    thresholds: Thresholds | None = None,
) -> SpeechFrontEnd:
    """A speech front end whose normalisation and thresholds are those of the (training) recordings.

    Raises ConfigError where the sizes make no sense together, ModelError where one is out of range.
    """
    if not 1000 <= sample_rate <= MAX_RATE:
        raise ConfigError("front_end", f"sample_rate {sample_rate} is no rate of speech", "Give e.g. 8000")
    length, top = round(sample_rate * window_ms / 1000), high_hz or sample_rate / 2
    if not 0 <= low_hz < top <= sample_rate / 2 or not 1 <= bands <= 64 or not 2 <= length <= 512:
        raise ConfigError("front_end", "bands, window or frequencies make no sense at this rate", "Correct them")
    points = max(32, 1 << (length - 1).bit_length())
    segments, weights = mel.design(points, sample_rate, bands, low_hz, top)
    unfitted = SpeechFrontEnd(
        sample_rate=sample_rate,
        frames=frames,
        upsample=upsample,
        **_neutral(bands),
        step=round(sample_rate * step_ms / 1000),
        preemphasis_shift=preemphasis_shift,
        floor_bits=floor_bits,
        window=hann(length),
        cosine=cosines(points),
        segments=segments,
        weights=weights,
    )
    return fitted(unfitted, recordings, thresholds or Thresholds())


def design_channels(
    recordings: Sequence[Samples],
    sample_rate: int,
    frames: int,
    upsample: int = 1,
    thresholds: Thresholds | None = None,
    common_reference: bool = False,
) -> ChannelFrontEnd:
    """A front end for signals of several channels, each (samples, channels) int16; see `ChannelFrontEnd`."""
    neutral = _neutral(np.shape(recordings[0])[-1])
    unfitted = ChannelFrontEnd(sample_rate, frames, upsample, **neutral, reference=int(common_reference))
    return fitted(unfitted, recordings, thresholds or Thresholds())


def fitted(front_end: Kind, recordings: Sequence[Samples], thresholds: Thresholds) -> Kind:
    """The same front end with offset, gain and thresholds of the recordings: features of mean 0 and deviation 256."""
    if not len(recordings):
        raise ConfigError("front_end", "no recording to fit it on", "Give training recordings")
    measured = [front_end.measure(front_end.windows(front_end.checked(raw))) for raw in recordings]
    features = np.concatenate(measured)
    if not len(features):
        raise ConfigError("front_end", "every recording is shorter than a window", "Give longer ones")
    mean, deviation = features.mean(axis=0), np.maximum(features.std(axis=0), 1)
    gain = np.clip(np.rint(UNIT / deviation * (1 << GAIN_SHIFT)), 1, INT16_MAX).astype(int)
    normalised = dataclasses.replace(
        front_end, offset=tuple(np.rint(mean).astype(int).tolist()), gain=tuple(gain.tolist()), gain_shift=GAIN_SHIFT
    )
    signal = np.stack([normalised.interpolated(normalised.normalised(part)) for part in measured])
    theta = np.rint(np.diff(signal, axis=1).std(axis=(0, 1)) * thresholds.scale)
    return dataclasses.replace(normalised, encoder=thresholds.encoder(np.clip(theta, 1, THETA_MAX)))


def _neutral(channels: int) -> dict[str, Any]:
    """Constants of a front end before it is fitted."""
    ones = (1,) * channels
    return {"offset": (0,) * channels, "gain": ones, "gain_shift": 0, "encoder": FixedAdaptiveEncoder(ones)}
