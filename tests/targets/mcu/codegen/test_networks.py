"""Whole networks: generated C equals the interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factory import attention_like, q_snn_like, q_snn_loihi_like, ternary_like
from tests.targets.mcu.harness import assert_all_exact, assert_exact, random_input
from tests.targets.mcu.shapes import qp_like, qt_like


@pytest.mark.parametrize("state_bits", [8, 4, 2])
def test_q_snn(tmp_path: Path, state_bits: int) -> None:
    model = q_snn_like(state_bits)
    assert_exact(model, random_input(model, 3, density=0.3), tmp_path)


def test_q_snn_loihi(tmp_path: Path) -> None:
    model = q_snn_loihi_like()
    assert_exact(model, random_input(model, 3, density=0.3), tmp_path)


def test_ternary_and_attention(tmp_path: Path) -> None:
    models = [ternary_like(bits).replace(name=f"ternary_{bits}") for bits in (2, 4, 8)]
    models += [attention_like(0, bits).replace(name=f"attention_{bits}") for bits in (1, 2, 4, 8)]
    assert_all_exact([(model, random_input(model, 4)) for model in models], tmp_path)


def test_shapes_of_the_zoo(tmp_path: Path) -> None:
    models = [*(qp_like(bits) for bits in (8, 4, 2)), *(qt_like(w, u) for w, u in ((1, 2), (2, 4), (4, 8), (8, 8)))]
    assert_all_exact([(model, random_input(model, 2, density=0.3)) for model in models], tmp_path)
