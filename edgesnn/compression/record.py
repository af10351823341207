"""What a run has done so far, on disk, so that a stage that is done is not done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from edgesnn import structure
from edgesnn.compression.measure import Measurement
from edgesnn.compression.stages import Outcome
from edgesnn.errors import EdgesnnError, FileError
from edgesnn.files import replacing, write_text
from edgesnn.records import from_json, json_text, to_json
from edgesnn.train.job import load_weights

NAME = "record.json"


@dataclass(frozen=True)
class Done:
    """A stage's outcome, and what the network was like after it; None where a stage changes no network."""

    outcome: Outcome
    measurement: Measurement | None


class Record:
    """A folder with record.json and the weights after each stage, NUMBER.pt. Without a folder nothing is kept.

    Raises FileError where the folder belongs to another run, or is damaged.
    """

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self.folder, self.fingerprint = folder, fingerprint
        self.start: Measurement | None = None
        self.done: list[Done] = []
        if folder is not None and (folder / NAME).is_file():
            self._read(folder / NAME)

    def checkpoint(self, position: int) -> Path | None:
        """Where the training of that stage keeps its own checkpoint."""
        return None if self.folder is None else self.folder / f"{position + 1}.checkpoint"

    def started(self, measurement: Measurement) -> None:
        self.start = measurement
        self._write()

    def add(self, done: Done, network: nn.Module) -> None:
        """Keeps a stage that has just been done, and drops its checkpoint."""
        self.done.append(done)
        if self.folder is None:
            return
        with replacing(self.folder / f"{len(self.done)}.pt") as part:
            torch.save(network.state_dict(), part)
        self._write()
        (self.folder / f"{len(self.done)}.checkpoint").unlink(missing_ok=True)

    def restore(self, network: nn.Module) -> None:
        """Brings a fresh network to where the last stage left it."""
        for done in self.done:
            structure.apply(network, done.outcome.changes)
        if self.done and self.folder is not None:
            load_weights(network, self.folder / f"{len(self.done)}.pt")

    def _write(self) -> None:
        if self.folder is None:
            return
        done = [
            {
                "outcome": structure.write(item.outcome.changes),
                "notes": list(item.outcome.notes),
                "measurement": to_json(item.measurement),
            }
            for item in self.done
        ]
        record = {"fingerprint": self.fingerprint, "start": to_json(self.start), "done": done}
        write_text(self.folder / NAME, json_text(record))

    def _read(self, path: Path) -> None:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["fingerprint"] != self.fingerprint:
                raise FileError(str(path), "belongs to another run", "Delete its folder, or choose another --out")
            self.start = from_json(Measurement, record["start"], str(path))
            self.done = [_done(item, str(path)) for item in record["done"]]
        except FileError:
            raise
        except (OSError, ValueError, TypeError, KeyError, AttributeError, EdgesnnError) as error:
            raise FileError(str(path), f"is damaged ({type(error).__name__})", "Delete its folder") from None


def _done(item: Mapping[str, Any], where: str) -> Done:
    changes = structure.read(item["outcome"], where)
    measurement = None if item["measurement"] is None else from_json(Measurement, item["measurement"], where)
    return Done(Outcome(changes, tuple(str(note) for note in item["notes"])), measurement)


def fingerprint(network: nn.Module, *texts: object) -> str:
    """A digest of the weights and of everything else that the run depends on."""
    digest = hashlib.sha256(json.dumps([to_json(text) for text in texts], sort_keys=True).encode())
    for name, value in network.state_dict().items():
        digest.update(name.encode())
        digest.update(value.detach().contiguous().numpy().tobytes())
    return digest.hexdigest()
