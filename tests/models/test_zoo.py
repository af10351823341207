"""Every network of the zoo: its file is its float weights, its recipe and its card."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import edgesnn
from edgesnn.errors import FileError
from edgesnn.integer import run
from edgesnn.lower import lower
from edgesnn.train.by_rule import ByRule
from edgesnn.train.job import Job, pretrained
from edgesnn.zoo import zoo

NAMES = sorted(zoo())
WITH_FLOATS = [name for name in NAMES if zoo()[name].path.with_suffix(".pt").is_file()]


@pytest.mark.parametrize("name", WITH_FLOATS)
def test_the_file_is_the_trained_network(name: str) -> None:
    """Lowered again, the float weights give the integers of the file; both give equal scores for random input."""
    model, network = edgesnn.load(name), pretrained(name)
    assert lower(network, name, model.metadata) == model
    encoding, shape = model.encoding, model.input.shape
    shape = shape if encoding.repeat else (model.time_steps, *shape)
    raw = np.random.default_rng(0).integers(encoding.raw_low, encoding.raw_high + 1, (4, *shape))
    with torch.no_grad():
        scores = network(torch.from_numpy(raw))[-1].double().numpy() * model.metadata.output_unit / network.unit
    np.testing.assert_array_equal(scores, run(model, model.encode(raw)).output)


@pytest.mark.parametrize("name", sorted({*NAMES} - {*WITH_FLOATS}))
def test_a_file_without_float_weights_is_of_its_recipe(name: str) -> None:
    """Layers of its sizes, the neurons of its rule, spikes as its network encodes pixels."""
    recipe, model = zoo()[name].recipe, edgesnn.load(name)
    assert recipe is not None
    network = Job.load(recipe).build()
    assert isinstance(network, ByRule)
    untrained = network.lowered(name, model.metadata)
    assert [(node.name, type(node.op)) for node in model.nodes] == [(n.name, type(n.op)) for n in untrained.nodes]
    assert (model.encoding, model.time_steps) == (untrained.encoding, untrained.time_steps)
    assert model.learning == untrained.learning
    with pytest.raises(FileError, match="integer model only"):
        pretrained(name)


@pytest.mark.parametrize("name", NAMES)
def test_where_it_comes_from_is_on_record(name: str) -> None:
    """The recipe beside the file is the one in the file; the card names the model; the file says task and licence."""
    found, model = zoo()[name], edgesnn.load(name)
    assert found.recipe is not None and found.card is not None
    job = Job.load(found.recipe)
    assert model.metadata.recipe["network"] == dict(job.network)
    assert model.metadata.recipe.get("stages", []) == list(job.stages)
    assert f"`{name}`" in found.card.read_text(encoding="utf-8")
    assert model.metadata.task and model.metadata.licence and model.metadata.source
