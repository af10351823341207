"""edgesnn: spiking neural networks as one integer model, exact on every target."""

from pathlib import Path

_root = Path(__file__).resolve().parent.parent
if (_root / "setup.cfg").is_file() and (_root / "targets" / "__init__.py").is_file():
    __path__.append(str(_root))  # in a checkout, edgesnn.targets, edgesnn.models and edgesnn.firmware are its siblings
