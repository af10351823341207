"""Kinds of record by name: frozen dataclasses that tables of TOML or JSON name, and everything unknown is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from edgesnn.errors import ConfigError, FileError
from edgesnn.records import from_json, to_json
from edgesnn.target import nearest

T = TypeVar("T")


class Kinds(Generic[T]):
    """A family of dataclasses. A record's table holds the kind's name under `key`, its fields beside it."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.by_name: dict[str, type[T]] = {}

    def register(self, name: str) -> Callable[[type[T]], type[T]]:
        """A decorator that gives a dataclass its name."""

        def named(kind: type[T]) -> type[T]:
            self.by_name[name] = kind
            return kind

        return named

    def name_of(self, record: T) -> str:
        return next(name for name, kind in self.by_name.items() if kind is type(record))

    def read(self, table: object, where: str) -> T:
        """The record of a table. Raises ConfigError naming the unknown kind or key and the nearest known one."""
        if not isinstance(table, Mapping) or not isinstance(table.get(self.key), str):
            raise ConfigError(where, f"has no {self.key}", f"Give {self.key} = one of {', '.join(self.by_name)}")
        name = table[self.key]
        if name not in self.by_name:
            raise ConfigError(where, f"{self.key} {name!r:.80} is unknown", nearest(name, self.by_name))
        kind: Any = self.by_name[name]
        known = [field.name for field in dataclasses.fields(kind)]
        for key in table:
            if key not in known and key != self.key:
                raise ConfigError(where, f"unknown key {key!r:.80} of {name}", nearest(str(key), known))
        try:
            record: T = from_json(kind, {key: value for key, value in table.items() if key != self.key}, where)
        except FileError as error:
            raise ConfigError(where, f"{name}: {error.problem}", "Correct it") from None
        return record

    def write(self, record: T) -> dict[str, Any]:
        """The table of a record, JSON-able; `read` gives an equal record."""
        return {self.key: self.name_of(record), **to_json(record)}
