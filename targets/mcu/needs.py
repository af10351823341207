"""What boards need of this computer: compilers, emulators, Python packages, what speaks to debug probes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from edgesnn.errors import ToolError
from edgesnn.targets.mcu import tools
from edgesnn.targets.mcu.facts import BoardFacts

EXTRA = "pip install 'edgesnn[emulator]'"
PROBES, PROBES_EXTRA = "pyocd", "pip install 'edgesnn[flash]'"
SHOWN = 3


@dataclass(frozen=True)
class Need:
    """One tool. use: what it does for a board. look: finds it, or raises ToolError with the command that gets it; tell:
    its version."""

    name: str
    use: str
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
    found = [_program(compiler.command, "compiles for", compiler.install, compiler.module, compiler.arguments)]
    if run.kind == "qemu" and run.command:
        found.append(_program(run.command, "emulates", run.install or "", None, ()))
    return found + [_package(name, "for", EXTRA) for name in facts.packages]


def of_flashing(facts: BoardFacts) -> list[Need]:
    """What writing a program to a board takes besides."""
    return [_package(PROBES, "flashes", PROBES_EXTRA)] if facts.flash.kind == "probe" else []


def by_purpose(boards: Mapping[str, BoardFacts]) -> dict[str, Need]:
    """What any of the boards needs, by its name and what it is for."""
    needs: dict[str, Need] = {}
    users: dict[str, list[str]] = {}
    for board, facts in boards.items():
        for need in (*of_board(facts), *of_flashing(facts)):
            needs[need.name] = need
            users.setdefault(need.name, []).append(board)
    return {f"{name}: {need.use} {_listed(users[name])}": need for name, need in needs.items()}


def missing(facts: BoardFacts) -> list[str]:
    """Names of what a board needs and this computer lacks."""
    return [need.name for need in of_board(facts) if not need.is_there]


def package(name: str, install: str = EXTRA) -> str:
    """Version of an installed Python package. Raises ToolError with the command that installs it."""
    try:
        return version(name)
    except PackageNotFoundError as error:
        raise ToolError(name, "this Python package is not installed", f"Run {install}") from error


def _program(command: str, use: str, install: str, module: str | None, arguments: tuple[str, ...]) -> Need:
    def look() -> tuple[str, ...]:
        return tools.find(command, install, module)

    return Need(command, use, look, lambda: tools.version((*look(), *arguments)))


def _package(name: str, use: str, install: str) -> Need:
    return Need(name, use, lambda: package(name, install), lambda: package(name, install))


def _listed(boards: Iterable[str]) -> str:
    """The first of them, and how many more.

    >>> _listed(["a", "b", "c"]), _listed(["a", "b", "c", "d", "e"])
    ('a, b, c', 'a, b, c and 2 more')
    """
    names = sorted(boards)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
