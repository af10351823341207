"""`edgesnn doctor`"""

from __future__ import annotations

from edgesnn.cli.verb import Answer, Progress, verb


@verb("doctor")
def command(progress: Progress) -> Answer:
    """Exits with 1 where something that a target needs is missing; what is optional is named as such."""
    from edgesnn.doctor import examine
    from edgesnn.report import text

    examination = examine()
    return Answer(examination, text.doctor(examination), examination.ok)
