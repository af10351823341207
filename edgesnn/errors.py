"""Every error edgesnn raises on purpose. Each says where, what is wrong, and what to do."""

from __future__ import annotations


class EdgesnnError(Exception):
    """Root of all deliberate errors: a user's mistake or a limit, never a bug of ours.

    Args:
        where: the layer, file, board, port or option concerned.
        problem: what is wrong with it, with the offending value.
        remedy: what the user can do about it.
    """

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        super().__init__(where, problem, remedy)
        self.where, self.problem, self.remedy = where, problem, remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}. {self.remedy}"

    def __reduce__(self) -> tuple[type[EdgesnnError], tuple[str, str, str]]:
        return type(self), (self.where, self.problem, self.remedy)


class ModelError(EdgesnnError):
    """A graph or operator that means nothing: wrong shapes, unknown names, attributes out of range."""


class RangeError(ModelError):
    """A value that range analysis cannot prove to fit its declared width."""


class FileError(EdgesnnError):
    """A file that cannot be read, written or trusted."""


class DataError(EdgesnnError):
    """A data set or sample that is missing, corrupt or of the wrong shape."""


class LoweringError(EdgesnnError):
    """A torch module that has no integer meaning."""


class TrainingError(EdgesnnError):
    """Training that cannot start, resume or go on."""


class TargetError(EdgesnnError):
    """A target that is unknown or cannot do what is asked."""


class UnsupportedModelError(TargetError):
    """A model that a target cannot run exactly."""


class BoardError(EdgesnnError):
    """A board file that is unknown or wrong."""


class ToolError(EdgesnnError):
    """An external program or environment that is missing or failed."""


class LinkError(EdgesnnError):
    """A device that cannot be reached, or that answers nonsense."""


class FlashError(EdgesnnError):
    """Flash memory that cannot be written, or that does not hold what was written to it."""


class MeterError(EdgesnnError):
    """A power meter that cannot be reached, or a capture that cannot be trusted."""


class ConfigError(EdgesnnError):
    """A configuration file or option with a wrong key or value."""
