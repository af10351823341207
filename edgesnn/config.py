"""edgesnn.toml: what the commands in a folder take when an option is not given."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgesnn.errors import ConfigError
from edgesnn.target import nearest

NAME = "edgesnn.toml"
MAX_BYTES = 1 << 16


@dataclass(frozen=True)
class Config:
    """The keys of edgesnn.toml, all optional.

    model: a zoo name, or a model file relative to the folder. recipe: a training recipe, likewise. target, board,
    port: as the options of that name.
    """

    model: str | None = None
    recipe: str | None = None
    target: str | None = None
    board: str | None = None
    port: str | None = None


def read(folder: Path | str = ".") -> Config:
    """The configuration of a folder; empty where it has none. Raises ConfigError on unknown keys and wrong values."""
    path = Path(folder) / NAME
    if not path.exists():
        return Config()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(NAME, f"is larger than {MAX_BYTES} bytes", "Keep only the documented keys")
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(NAME, f"is not TOML ({error})", "Correct it; values are written in quotes") from error
    except OSError as error:
        raise ConfigError(NAME, f"cannot be read ({error.strerror})", "Make it a readable file") from error
    return checked(values)


def checked(values: dict[str, Any]) -> Config:
    known = [field.name for field in dataclasses.fields(Config)]
    for key, value in values.items():
        if key not in known:
            raise ConfigError(f"{NAME}, key {key}", "is not known", nearest(key, known))
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{NAME}, key {key}", f"is {value!r}, not text", f'Write {key} = "..."')
    return Config(**values)
