"""Whether a board can run a model exactly, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass

from edgesnn.choice import Choice
from edgesnn.errors import UnsupportedModelError
from edgesnn.target import Problem


@dataclass(frozen=True)
class Check:
    """ok: the board can run the model exactly; problems: every reason why not. `reason` says why this model."""

    model: str
    reason: str
    target: str
    board: str
    ok: bool
    problems: tuple[Problem, ...]


def check_choice(choice: Choice) -> Check:
    """Asks the target; no work is done."""
    problems = tuple(choice.target.check(choice.model, choice.board))
    return Check(choice.model.name, choice.reason, choice.target.name, choice.board.name, not problems, problems)


def refuse(check: Check) -> None:
    """Raises UnsupportedModelError with the first problem, unless there is none."""
    if check.ok:
        return
    first, others = check.problems[0], len(check.problems) - 1
    more = f" ({others} more: see `edgesnn check`)" if others else ""
    raise UnsupportedModelError(first.where, f"{first.problem} [{first.rule}]{more}", first.remedy)
