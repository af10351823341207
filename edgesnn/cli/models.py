"""`edgesnn models`"""

from __future__ import annotations

from edgesnn.cli.verb import Answer, Progress, verb


@verb("models")
def command(progress: Progress) -> Answer:
    """A model of this list can be named wherever a verb takes MODEL."""
    from edgesnn.report import text
    from edgesnn.zoo import zoo

    models = tuple(zoo().values())
    rows = [(model.name, ", ".join(model.default_of) or "-", model.summary) for model in models]
    columns = ("model", "default of", "what it is")
    return Answer({"models": models}, text.listing(columns, rows, "no models are installed"))
