"""What was learned, stored in flash: the old or the new, whenever the power goes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from edgesnn.targets.mcu import codegen
from edgesnn.targets.mcu.codegen.learner import checksum
from tests.targets.mcu.learning import host
from tests.targets.mcu.learning.test_boards import pupil

SECTORS = 5
"""Of a slot."""


@pytest.mark.parametrize("stochastic", [False, True])
def test_a_power_cut_at_any_write_leaves_the_old_or_the_new(tmp_path: Path, stochastic: bool) -> None:
    """Each unit programmed and each sector erased in turn is the last one, whole or in part; from both slots."""
    one = pupil("mpd-ed", stochastic)
    codegen.write_files(codegen.learner_files(one), tmp_path / "model")
    sources = [host.HERE / "store.c", *sorted((tmp_path / "model").glob("*.c"))]
    sources += [host.FIRMWARE / name for name in ("store/learned.c", "loader/slots.c", "link/crc32.c")]
    includes = ["-iquote", str(tmp_path / "model"), f"-I{host.FIRMWARE}", f"-I{host.HERE}"]
    command = ["gcc", *host.STRICT, *host.SANITIZERS, *includes, *map(str, sources), "-o", str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([tmp_path / "store"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    moments, olds, news = map(int, done.stdout.split())
    weights = sum(layer.weight.size for layer in one.layers) * (1 if stochastic else 3)
    assert moments == olds + news
    assert news == 4  # two slots, whole and torn: only when nothing was cut
    assert olds >= 4 * (weights // 32 + SECTORS + 1)


def test_every_network_has_its_own_number() -> None:
    one = pupil("mpd-ed")
    others = [
        replace(one, ticks=15), replace(one, learning=replace(one.learning, seed=8)),
        replace(one, layers=(replace(one.layers[0], weight=-one.layers[0].weight), one.layers[1])),
    ]  # fmt: skip
    assert len({checksum(each) for each in (one, *others)}) == 4
