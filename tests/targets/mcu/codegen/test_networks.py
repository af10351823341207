"""Whole networks: generated C equals the interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factory import q_snn_like, q_snn_loihi_like
from tests.targets.mcu.harness import assert_exact, random_input


@pytest.mark.parametrize("state_bits", [8, 4, 2])
def test_q_snn(tmp_path: Path, state_bits: int) -> None:
    model = q_snn_like(state_bits)
    assert_exact(model, random_input(model, 3, density=0.3), tmp_path)


def test_q_snn_loihi(tmp_path: Path) -> None:
    model = q_snn_loihi_like()
    assert_exact(model, random_input(model, 3, density=0.3), tmp_path)
