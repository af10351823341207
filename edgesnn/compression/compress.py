"""Runs a recipe on a trained network."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import nn

from edgesnn import structure
from edgesnn.compression.measure import Measurement, measure
from edgesnn.compression.order import check_order
from edgesnn.compression.recipe import CompressionRecipe, stage_table
from edgesnn.compression.record import Done, Record, fingerprint
from edgesnn.compression.source import Source
from edgesnn.compression.stages import Export, Outcome, Stage
from edgesnn.compression.work import Work
from edgesnn.errors import TrainingError
from edgesnn.integer import Model
from edgesnn.records import UNSAVED
from edgesnn.structure.copying import copied


@dataclass(frozen=True)
class StageReport:
    """A stage in words, what it did, and the network after it; None where it changes no network."""

    stage: str
    notes: tuple[str, ...]
    measurement: Measurement | None


@dataclass(frozen=True)
class Compressed:
    """A compressed network and what each stage did to it.

    start: the network before the first stage. files: what was written to `folder`. network: in eval mode, its scores
    are the integer model's, bit for bit; both stay out of JSON.
    """

    name: str
    source: str
    recipe: str
    start: Measurement
    stages: tuple[StageReport, ...]
    model: Model = field(repr=False, compare=False, metadata=UNSAVED)
    network: nn.Module = field(repr=False, compare=False, metadata=UNSAVED)
    folder: Path | None = None
    files: tuple[str, ...] = ()

    @property
    def end(self) -> Measurement:
        """The network after the last stage."""
        measured = [stage.measurement for stage in self.stages if stage.measurement is not None]
        return measured[-1] if measured else self.start


def run_recipe(source: Source, recipe: CompressionRecipe, work: Work, folder: Path | None = None) -> Compressed:
    """Carries out a recipe on `work`, whose network is the source's; resumes what `folder` holds of the same run.

    Raises ConfigError before any work where the stages make no sense in their order, LoweringError where the network
    has no integer model.
    """
    check_order(recipe.stages, work.network)
    data = [work.data, len(work.fit), len(work.validation)]
    written = recipe.to_dict()["stages"]
    record = Record(folder, fingerprint(work.started, written, work.training.to_dict(), work.seed, data))
    if record.start is None:
        work.progress("measure", 0, None)
        record.started(measure(copied(work.network), work.validation))
    record.restore(work.network)
    resumed = len(record.done)
    for position, stage in enumerate(recipe.stages):
        if position < resumed and stage.changes_network:
            continue
        outcome = _carry_out(stage, position, source, recipe, work, record)
        if position >= resumed:
            record.add(Done(outcome, _measured(stage, position, work)), work.network)
    return report(source, recipe, work, record)


def _carry_out(
    stage: Stage, position: int, source: Source, recipe: CompressionRecipe, work: Work, record: Record
) -> Outcome:
    work.progress(f"stage {position + 1} of {len(recipe.stages)}: {stage}", 0, None)
    work.checkpoint = record.checkpoint(position)
    if isinstance(stage, Export):
        work.metadata = dataclasses.replace(work.metadata, recipe=provenance(source, recipe, work, record))
    return stage.run(work)


def _measured(stage: Stage, position: int, work: Work) -> Measurement | None:
    """The network after a stage; None where it is the same as before."""
    if not stage.changes_network:
        return None
    work.progress("measure", 0, None)
    measurement = measure(work.network, work.validation)
    if work.tell:
        work.tell(f"stage {position + 1}, {stage}: validation accuracy {100 * measurement.accuracy:.2f} %")
    return measurement


def done_stages(recipe: CompressionRecipe, work: Work, record: Record) -> list[dict[str, Any]]:
    """The tables of the stages done, each with the run it belongs to and its outcome."""
    run = {"recipe": recipe.name, "data": work.data, "samples": len(work.fit), "seed": work.seed}
    return [
        {**stage_table(stage), "run": run, "outcome": structure.write(done.outcome.changes)}
        for stage, done in zip(recipe.stages, record.done, strict=False)
        if not isinstance(stage, Export)
    ]


def provenance(source: Source, recipe: CompressionRecipe, work: Work, record: Record) -> Mapping[str, Any]:
    """What the model file says about where the model comes from: enough to build the network again."""
    stages = done_stages(recipe, work, record)
    return {"stages": stages} if source.job is None else source.job.after(work.name, stages).metadata.recipe


def report(source: Source, recipe: CompressionRecipe, work: Work, record: Record) -> Compressed:
    if work.model is None or record.start is None:
        raise TrainingError(work.name, "was not exported", "Report this recipe")
    stages = tuple(
        StageReport(str(stage), done.outcome.notes, done.measurement)
        for stage, done in zip(recipe.stages, record.done, strict=True)
    )
    network = work.network.eval()
    return Compressed(work.name, source.name, recipe.name, record.start, stages, work.model, network)
