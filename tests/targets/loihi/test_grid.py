"""Weights and biases in Loihi's registers add up to what they stand for."""

import numpy as np
import pytest

from edgesnn.targets.loihi.grid import WEIGHT_LIMIT, bias_registers, synapses_for
from edgesnn.targets.loihi.linear import csr


def total(weight: np.ndarray) -> np.ndarray:
    synapses = synapses_for(csr(weight))
    assert synapses is not None
    result = np.zeros(weight.shape, np.int64)
    for part in synapses:
        mantissa = part.mantissa.toarray()
        assert (mantissa % 2 == 0).all() and mantissa.min() >= -256 and mantissa.max() <= 254
        scaled = mantissa * 2.0**part.exponent
        assert (scaled == np.rint(scaled)).all()
        result += scaled.astype(np.int64)
    return result


@pytest.mark.parametrize(
    ("weight", "parts", "exponent"),
    [
        ([[2, -256, 254, 0]], 1, 0),  # even and in range: as they are
        ([[1, -128, 127]], 1, -1),  # int8: twice their value, halved again
        ([[508, -512, 4]], 1, 1),
        ([[255]], 2, 1),  # odd beyond int8: 256 and -1
        ([[WEIGHT_LIMIT, -WEIGHT_LIMIT, 128, -129]], 2, 7),
        ([[0, 0]], 1, 0),
    ],
)
def test_weights(weight: list[list[int]], parts: int, exponent: int) -> None:
    array = np.array(weight)
    synapses = synapses_for(csr(array))
    assert synapses is not None and len(synapses) == parts and synapses[0].exponent == exponent
    np.testing.assert_array_equal(total(array), array)


def test_every_weight_up_to_the_limit_has_synapses() -> None:
    every = np.arange(-WEIGHT_LIMIT, WEIGHT_LIMIT + 1)
    np.testing.assert_array_equal(total(every[None]), every[None])
    assert synapses_for(csr(np.array([[1, WEIGHT_LIMIT + 2]]))) is None


def test_biases() -> None:
    bias = np.array([0, 1, -4096, 4095, 4096, -8192, 4095 << 7, -4096 << 7])
    registers = bias_registers(bias)
    assert registers is not None
    mantissa, exponent = registers
    np.testing.assert_array_equal(mantissa << exponent, bias)
    assert exponent.tolist() == [0, 0, 0, 0, 1, 1, 7, 7]
    assert bias_registers(np.array([4097])) is None and bias_registers(np.array([1 << 20])) is None
