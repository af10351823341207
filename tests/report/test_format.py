"""Numbers for people."""

from __future__ import annotations

import doctest

import pytest

from edgesnn.report import format as fmt
from edgesnn.target import Energy


def test_examples_in_the_docstrings() -> None:
    assert doctest.testmod(fmt).failed == 0
    assert doctest.testmod(fmt).attempted == 8


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (2.5, "2.5"), (9.96, "10.0"), (99_999, "99,999"), (100_000, "100 k"), (2e9, "2 G")],
)
def test_counts(number: float, text: str) -> None:
    assert fmt.count(number) == text


def test_counts_round_up_to_the_next_prefix() -> None:
    assert fmt.count(999_999) == "1 M"
    assert fmt.count(999_499) == "999 k"


def test_energy_always_has_kind_and_table() -> None:
    assert fmt.energy(Energy(1.5, "uJ", "modelled", "t", 1.0, 2.0)) == "1.5 µJ [1–2], modelled (t)"
    assert fmt.energy(Energy(1.5, "uJ", "measured", "meter")) == "1.5 µJ, measured (meter)"
