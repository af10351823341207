"""What is present, what is missing, and the command that gets it."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from edgesnn.errors import EdgesnnError
from edgesnn.target import names, target

REQUIRED = {
    "numpy": "the integer model", "onnx": "model files", "click": "the command line", "rich": "tables and progress",
    "jinja2": "the HTML report", "plotly": "plots of the HTML report", "pyserial": "boards on a serial line",
}  # fmt: skip
OPTIONAL = {
    "torch": ("training", "pip install 'edgesnn[train]'"),
    "optuna": ("searching for what fits a board", "pip install 'edgesnn[train,fit]'"),
    "onnxruntime": ("running model files without edgesnn", "pip install onnxruntime"),
    "pyjoulescope_driver": ("the power meters Joulescope", "pip install 'edgesnn[joulescope]'"),
}


@dataclass(frozen=True)
class Finding:
    """One thing. detail: its version or place if present, else the command that gets it."""

    area: str
    what: str
    present: bool
    needed: bool
    detail: str


@dataclass(frozen=True)
class Examination:
    """All findings. ok: everything needed is present."""

    ok: bool
    findings: tuple[Finding, ...]


def examine() -> Examination:
    """Looks at Python, the packages, the targets' tools and the data. Downloads nothing."""
    findings = [python(), *packages()]
    for name in names():
        findings += target_findings(name)
    findings += data()
    return Examination(all(item.present or not item.needed for item in findings), tuple(findings))


def python() -> Finding:
    enough = sys.version_info >= (3, 11)
    return Finding("python", "Python 3.11 or newer", enough, True, platform.python_version())


def packages() -> list[Finding]:
    found = [package(name, use, True, f"pip install {name}") for name, use in REQUIRED.items()]
    return found + [package(name, use, False, command) for name, (use, command) in OPTIONAL.items()]


def package(name: str, use: str, needed: bool, command: str) -> Finding:
    try:
        return Finding("python", f"{name}: {use}", True, needed, version(name))
    except PackageNotFoundError:
        return Finding("python", f"{name}: {use}", False, needed, command)


def target_findings(name: str) -> list[Finding]:
    try:
        place = target(name)
        spared = place.spared()
        return [Finding(name, what, present, what not in spared, detail) for what, present, detail in place.doctor()]
    except EdgesnnError as error:
        return [Finding(name, "the target itself", False, True, str(error))]


def data() -> list[Finding]:
    """Full data sets, which are downloaded when first used; the packaged sample needs nothing."""
    from edgesnn import datasets

    return [Finding("data", datasets.dataset(name).title, *datasets.present(name)) for name in datasets.names()]
