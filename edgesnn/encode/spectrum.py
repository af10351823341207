"""The power spectrum of a frame in integers: a real FFT of N points as a complex one of N / 2, radix 2, unscaled.

Samples enter as 17-bit integers and grow by one bit a stage, so 32 bits hold everything; only the products with the
16-bit cosines take 64. firmware/frontend/esnn_power.c computes the same integers.
"""

from __future__ import annotations

import math

import numpy as np

from edgesnn.integer import Array

COSINE_BITS = 14


def cosines(points: int) -> tuple[int, ...]:
    """round(2^14 cos(2 pi k / points)) for k = 0..points / 2."""
    return tuple(round(math.cos(2 * math.pi * k / points) * (1 << COSINE_BITS)) for k in range(points // 2 + 1))


def power(samples: Array, cosine: Array) -> Array:
    """4 |X[k]|^2 for k = 0..N / 2 of frames (..., N) of real samples below 2^17 in magnitude.

    cosine (N / 2 + 1,): see `cosines`.
    """
    re, im = _complex_fft(samples[..., 0::2], samples[..., 1::2], cosine)
    k = np.arange(samples.shape[-1] // 2 + 1)
    here, mirrored = k % (len(k) - 1), -k % (len(k) - 1)
    even = re[..., here] + re[..., mirrored], im[..., here] - im[..., mirrored]
    odd = im[..., here] + im[..., mirrored], re[..., mirrored] - re[..., here]
    turned = _turn(*odd, k, cosine)
    return (even[0] + turned[0]) ** 2 + (even[1] + turned[1]) ** 2


def _turn(re: Array, im: Array, k: Array, cosine: Array) -> tuple[Array, Array]:
    """(re + i im) times exp(-2 pi i k / N), rounded half up."""
    quarter, half = (len(cosine) - 1) // 2, 1 << (COSINE_BITS - 1)
    c, s = cosine[k], cosine[np.abs(quarter - k)]
    return (re * c + im * s + half) >> COSINE_BITS, (im * c - re * s + half) >> COSINE_BITS


def _complex_fft(re: Array, im: Array, cosine: Array) -> tuple[Array, Array]:
    """Decimation in time: bit-reversed order, then butterflies of growing span."""
    points = re.shape[-1]
    order = bit_reversed(points)
    re, im = re[..., order], im[..., order]
    span = 1
    while span < points:
        k = np.arange(span) * (points // span)  # of N = 2 points
        blocks = (*re.shape[:-1], points // (2 * span), 2, span)
        re, im = re.reshape(blocks), im.reshape(blocks)
        low = re[..., 0, :], im[..., 0, :]
        high = _turn(re[..., 1, :], im[..., 1, :], k, cosine)
        re = np.stack((low[0] + high[0], low[0] - high[0]), axis=-2).reshape(*re.shape[:-3], points)
        im = np.stack((low[1] + high[1], low[1] - high[1]), axis=-2).reshape(*im.shape[:-3], points)
        span *= 2
    return re, im


def bit_reversed(points: int) -> Array:
    """The index whose bits are those of 0..points - 1 in reverse."""
    bits = points.bit_length() - 1
    index = np.arange(points)
    return sum((index >> bit & 1) << (bits - 1 - bit) for bit in range(bits))  # type: ignore[return-value]
