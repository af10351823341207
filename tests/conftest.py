"""What all tests share: how hypothesis searches, which tests are slow, where full data sets are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# Tests run in as many processes as there are cores; more threads than that would only wait for each other. Before any
# import of torch or numpy, which read it once; processes that tests start inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples on every run, so that a red build is red again; HYPOTHESIS_PROFILE=search looks for new ones.
# unshrunk is for those who only want to know whether a test fails.
settings.register_profile(
    "small", max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("small"), max_examples=50)
settings.register_profile("search", settings.get_profile("small"), max_examples=1000, derandomize=False)
settings.register_profile("unshrunk", settings.get_profile("small"), phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "small"))


@pytest.fixture(scope="session")
def full_data() -> Path:
    """The folder of full data sets that EDGESNN_DATA names; a test that needs it skips where there is none."""
    named = os.environ.get("EDGESNN_DATA")
    if not named:
        pytest.skip("needs the full data sets: set EDGESNN_DATA to a folder with mnist/ and fashion-mnist/")
    return Path(named)
