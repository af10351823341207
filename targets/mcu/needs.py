"""What boards need of this computer: compilers, emulators, Python packages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from edgesnn.errors import ToolError
from edgesnn.targets.mcu import tools
from edgesnn.targets.mcu.facts import BoardFacts

EXTRA = "pip install 'edgesnn[emulator]'"


@dataclass(frozen=True)
class Need:
    """One tool. look: finds it, or raises ToolError with the command that gets it; tell: its version."""

    name: str
    look: Callable[[], object]
    tell: Callable[[], str]

    @property
    def is_there(self) -> bool:
        try:
            self.look()
        except ToolError:
            return False
        return True


def of_board(facts: BoardFacts) -> list[Need]:
    """All that building for a board and running it takes, in that order."""
    compiler, run = facts.compiler, facts.run
    found = [_program(compiler.command, compiler.install, compiler.module, compiler.arguments)]
    if run.kind == "qemu" and run.command:
        found.append(_program(run.command, run.install or "", None, ()))
    return found + [_package(name) for name in facts.packages]


def missing(facts: BoardFacts) -> list[str]:
    """Names of what a board needs and this computer lacks."""
    return [need.name for need in of_board(facts) if not need.is_there]


def package(name: str) -> str:
    """Version of an installed Python package. Raises ToolError with the command that installs it."""
    try:
        return version(name)
    except PackageNotFoundError as error:
        raise ToolError(name, "this Python package is not installed", f"Run {EXTRA}") from error


def _program(command: str, install: str, module: str | None, arguments: tuple[str, ...]) -> Need:
    def look() -> tuple[str, ...]:
        return tools.find(command, install, module)

    return Need(command, look, lambda: tools.version((*look(), *arguments)))


def _package(name: str) -> Need:
    return Need(name, lambda: package(name), lambda: package(name))
