"""The runtime sources that a generated model needs: its kernels and what they include, read from edgesnn.firmware."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable

FOLDERS = ("kernels", "frontend", "learn")
INCLUDE = re.compile(r'^#include "([a-z0-9_/.]+)"', re.MULTILINE)


def sources(kernels: Iterable[str], headers: Iterable[str]) -> dict[str, str]:
    """Texts by path in a bundle: kernels and their .inc beside the model, headers under edgesnn/."""
    found: dict[str, str] = {}
    wanted = [*(f"{kernel}.c" for kernel in kernels), *(f"edgesnn/{header}" for header in headers)]
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = _locate(name).read_text(encoding="utf-8")
            folder = name.rpartition("/")[0]
            wanted += [posixpath.join(folder, include) for include in INCLUDE.findall(found[name])]
    return dict(sorted(found.items()))


def header_of(kernel: str) -> str:
    """The header under edgesnn/ that declares a kernel."""
    pattern = re.compile(rf"\b{kernel}\(")
    for path in (files("edgesnn.firmware") / "include" / "edgesnn").iterdir():
        if path.name.endswith(".h") and pattern.search(path.read_text(encoding="utf-8")):
            return path.name
    raise LookupError(f"no header declares {kernel}")


def _locate(name: str) -> Traversable:
    firmware = files("edgesnn.firmware")
    if name.startswith("edgesnn/"):
        return firmware / "include" / name
    return next(firmware / folder / name for folder in FOLDERS if (firmware / folder / name).is_file())
