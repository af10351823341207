"""Tables of timings say all that they must, and nothing else."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from edgesnn.errors import ConfigError
from edgesnn.targets.mcu.cycles import timings

M4 = (resources.files("edgesnn.targets.mcu.cycles") / "cores" / "cortex-m4.toml").read_text("utf-8")


def test_the_cores_that_are_promised_have_tables() -> None:
    assert set(timings.tables()) == {"cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7"}
    for table in timings.tables().values():
        assert "Arm" in table.source and table.checked and "wait states" in table.excludes


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("source =", "sauce =", "key sauce is not known. Did you mean source?"),
        ("source = ", "# ", "key source is missing"),
        ("overlap =", "overlop =", "key cycles.overlop is not known. Did you mean overlap?"),
        ("overlap =", "# ", "key cycles.overlap is missing"),
        ("load = [2, 2, 2]", "load = [2, 1, 2]", "cycles.load is [2, 1, 2]"),
        ("load = [2, 2, 2]", "load = [2, 2]", "cycles.load is [2, 2]"),
        ("load = [2, 2, 2]", "load = [-1, 2, 2]", "cycles.load is [-1, 2, 2]"),
        ("load = [2, 2, 2]", 'load = "2"', "cycles.load is '2'"),
        ("load = [2, 2, 2]", "load = [", "is not TOML"),
    ],
)
def test_wrong_tables_are_refused(wrong: str, right: str, message: str) -> None:
    assert wrong in M4
    with pytest.raises(ConfigError, match=re.escape(message)):
        timings.parse("cortex-m4", M4.replace(wrong, right, 1))
