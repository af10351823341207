"""edgesnn: spiking neural networks as one integer model, exact on every target.

>>> import edgesnn                                            # doctest: +SKIP
>>> edgesnn.deploy("q_snn", target="mcu").verification.exact  # doctest: +SKIP
True

`load`, `compress`, `check`, `build`, `deploy`, `verify`, `run` and `profile` mirror the command line's verbs and return
frozen dataclasses; they are loaded when first used.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edgesnn.api import build, check, compress, deploy, flash, load, profile, run, verify

__all__ = ["build", "check", "compress", "deploy", "flash", "load", "profile", "run", "verify"]

_root = Path(__file__).resolve().parent.parent
if (_root / "setup.cfg").is_file() and (_root / "targets" / "__init__.py").is_file():
    __path__.append(str(_root))  # in a checkout, edgesnn.targets, edgesnn.models and edgesnn.firmware are its siblings


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("edgesnn")
    if name not in __all__:
        raise AttributeError(f"module 'edgesnn' has no attribute {name!r}")
    from edgesnn import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
