"""From a sensor's raw samples to the ternary spikes of a model's input, in integers, on a microcontroller as well.

    samples -> windows -> one feature vector a window -> normalised to Q8.8 -> interpolated -> threshold-adaptive spikes

All constants are data, fitted on training samples and stored in the model file. firmware/frontend computes the same.
"""

from __future__ import annotations

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from edgesnn.encode.adaptive import FixedAdaptiveEncoder
from edgesnn.encode.encoder import Samples, Spikes
from edgesnn.errors import DataError, ModelError
from edgesnn.integer import Array

INT16_MIN, INT16_MAX = -(1 << 15), (1 << 15) - 1
MAX_CHANNELS, MAX_FRAMES, MAX_RATE = 64, 4096, 192_000
UNIT = 256
"""One standard deviation of a feature, in Q8.8."""


@dataclass(frozen=True)
class FrontEnd(abc.ABC):
    """What every front end has in common; the kinds differ in what they measure of a window of samples.

    Args:
        sample_rate: samples a second.
        frames: feature vectors of a recording; further ones are dropped, missing ones repeat the last.
        upsample: time steps a frame, 1 or 2; with 2, the step between two frames is their mean.
        offset, gain: per channel; a feature becomes (feature - offset) * gain >> gain_shift, rounded half up, within
            int16: about 256 a standard deviation.
        gain_shift: 0..15.
        encoder: thresholds one a channel. It starts from zero, so that spikes also tell a feature's first level.
    """

    sample_rate: int
    frames: int
    upsample: int
    offset: tuple[int, ...]
    gain: tuple[int, ...]
    gain_shift: int
    encoder: FixedAdaptiveEncoder

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        self._want(1 <= self.sample_rate <= MAX_RATE, f"sample_rate {self.sample_rate} is outside 1..{MAX_RATE}")
        self._want(1 <= self.frames <= MAX_FRAMES, f"frames {self.frames} is outside 1..{MAX_FRAMES}")
        self._want(self.upsample in (1, 2), f"upsample {self.upsample} is not 1 or 2")
        self._want(1 <= self.channels <= MAX_CHANNELS, f"{self.channels} channels are outside 1..{MAX_CHANNELS}")
        self._want(
            len(self.gain) == self.channels == len(self.encoder.theta), "offset, gain and theta differ in length"
        )
        self._want(all(INT16_MIN <= value <= INT16_MAX for value in self.offset), "an offset is outside int16")
        self._want(all(1 <= value <= INT16_MAX for value in self.gain), f"a gain is outside 1..{INT16_MAX}")
        self._want(0 <= self.gain_shift <= 15, f"gain_shift {self.gain_shift} is outside 0..15")

    def _want(self, holds: bool, problem: str) -> None:
        if not holds:
            raise ModelError(f"front end {self.kind}", problem, "Correct it, or design the front end again")

    @property
    @abc.abstractmethod
    def inputs(self) -> int:
        """Values of one raw sample: 1 for sound."""

    @property
    @abc.abstractmethod
    def window_size(self) -> int:
        """Samples of a window."""

    @property
    @abc.abstractmethod
    def hop(self) -> int:
        """Samples from one window to the next."""

    @property
    @abc.abstractmethod
    def lead(self) -> int:
        """Zeros in front of a recording's first sample."""

    @abc.abstractmethod
    def measure(self, windows: Array) -> Array:
        """Features (n, channels), int16, of windows (n, window_size, inputs)."""

    @property
    def channels(self) -> int:
        return len(self.offset)

    @property
    def steps(self) -> int:
        """Time steps of a recording."""
        return self.frames * self.upsample

    @property
    def samples_used(self) -> int:
        """Samples that a whole recording takes; more are not looked at."""
        return self.window_size - self.lead + self.hop * (self.frames - 1)

    def encode(self, recordings: Sequence[Samples]) -> Spikes:
        """Spikes (n, steps, channels) of recordings, each (samples,) or (samples, inputs) int16.

        Raises DataError where a recording has another shape or leaves int16.
        """
        if not len(recordings):
            return np.zeros((0, self.steps, self.channels), np.int8)
        signal = np.stack([self.interpolated(self.features(raw)) for raw in recordings], axis=1)
        return np.moveaxis(self.encoder.encode(signal, np.zeros(signal.shape[1:], np.int64)), 0, 1)

    def features(self, raw: Samples) -> Array:
        """Normalised features (up to `frames`, channels) of a recording."""
        return self.normalised(self.measure(self.windows(self.checked(raw))))

    def checked(self, raw: Samples) -> Array:
        """A recording as (samples, inputs) int64."""
        raw = np.asarray(raw)
        if raw.ndim == 1 and self.inputs == 1:
            raw = raw[:, None]
        if raw.ndim != 2 or raw.shape[1] != self.inputs or raw.dtype.kind not in "iu":
            problem = f"a recording is {raw.dtype} of shape {raw.shape}"
            raise DataError(self.kind, problem, f"Give integers (samples, {self.inputs})")
        raw = raw.astype(np.int64)
        if raw.size and (raw.min() < INT16_MIN or raw.max() > INT16_MAX):
            raise DataError(self.kind, f"samples from {raw.min()} to {raw.max()} leave int16", "Scale the recording")
        return raw

    def windows(self, raw: Samples) -> Array:
        """All complete windows (n, window_size, inputs) of a checked recording, at most `frames`."""
        led = np.concatenate([np.zeros((self.lead, self.inputs), np.int64), raw[: self.samples_used]])
        if len(led) < self.window_size:
            return np.zeros((0, self.window_size, self.inputs), np.int64)
        views = np.lib.stride_tricks.sliding_window_view(led, self.window_size, axis=0)[:: self.hop]
        return views.transpose(0, 2, 1)

    def scaled(self, features: Array) -> Array:
        """Normalised features before they are held to int16."""
        half = 1 << self.gain_shift >> 1
        scaled: Array = (features - np.asarray(self.offset)) * np.asarray(self.gain) + half >> self.gain_shift
        return scaled

    def normalised(self, features: Array) -> Array:
        """`scaled`, held to int16."""
        return np.clip(self.scaled(features), INT16_MIN, INT16_MAX)

    def clipped(self, recordings: Sequence[Samples]) -> int:
        """How many features of the recordings leave int16 and are held to it."""
        scaled = [self.scaled(self.measure(self.windows(self.checked(raw)))) for raw in recordings]
        return sum(int(np.count_nonzero((part < INT16_MIN) | (part > INT16_MAX))) for part in scaled)

    def interpolated(self, features: Array) -> Array:
        """The encoder's signal (steps, channels): features, and between two of them their mean, rounded toward zero."""
        held = features[-1:] if len(features) else np.zeros((1, self.channels), np.int64)
        frames = np.concatenate([features, np.repeat(held, self.frames - len(features), axis=0)])
        if self.upsample == 1:
            return frames
        following = np.concatenate([frames[1:], frames[-1:]])
        return np.stack([frames, toward_zero_half(frames + following)], axis=1).reshape(self.steps, self.channels)

    def stream(self) -> FrontEndStream:
        """The same, fed with chunks of a recording."""
        return FrontEndStream(self)


class FrontEndStream:
    """A front end under way: the spikes that chunks give, joined, and those of `end`, are those of the recording."""

    def __init__(self, front_end: FrontEnd) -> None:
        self.front_end = front_end
        self.held = np.zeros((front_end.lead, front_end.inputs), np.int64)
        self.encoding = front_end.encoder.stream(np.zeros(front_end.channels, np.int64))
        self.last = np.zeros(front_end.channels, np.int64)
        self.seen = 0  # frames
        self.sent = 0  # steps

    def push(self, raw: Samples) -> Spikes:
        """Spikes (n, channels) of the steps that the next samples complete; n may be 0."""
        self.held = np.concatenate([self.held, self.front_end.checked(raw)])
        spikes = [np.zeros((0, self.front_end.channels), np.int8)]
        while self.seen < self.front_end.frames and len(self.held) >= self.front_end.window_size:
            window = self.held[None, : self.front_end.window_size]
            self.held = self.held[self.front_end.hop :]
            spikes.append(self._frame(self.front_end.normalised(self.front_end.measure(window))[0]))
        return np.concatenate(spikes)

    def end(self) -> Spikes:
        """Spikes (n, channels) of the steps still missing: the last features are held."""
        return self._send([self.last] * (self.front_end.steps - self.sent))

    def _frame(self, features: Array) -> Spikes:
        between = [toward_zero_half(self.last + features)] if self.seen and self.front_end.upsample == 2 else []
        self.last = features
        self.seen += 1
        spikes = self._send([*between, features])
        return spikes if self.seen < self.front_end.frames else np.concatenate([spikes, self.end()])

    def _send(self, signal: list[Array]) -> Spikes:
        self.sent += len(signal)
        return self.encoding.push(np.array(signal, np.int64).reshape(-1, self.front_end.channels))


def toward_zero_half(x: Array) -> Array:
    """x / 2, rounded toward zero as C's division is."""
    half: Array = np.sign(x) * (np.abs(x) >> 1)
    return half
