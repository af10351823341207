"""A trained job on the packaged sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from edgesnn import datasets
from tests.fit.network import JOB


@pytest.fixture(scope="session")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The job's file, with its weights beside it: trained on 900 of the 1,000 images in the package."""
    from edgesnn.train.job import Job

    folder = tmp_path_factory.mktemp("job")
    samples, labels = datasets.sample("mnist")
    np.savez(folder / "digits.npz", samples=samples, labels=labels)
    recipe = folder / "tiny.toml"
    recipe.write_text(JOB.format(data=folder / "digits.npz"))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    Job.load(recipe).run(folder)
    torch.set_num_threads(threads)
    return folder / "tiny.json"
