"""`edgesnn targets`"""

from __future__ import annotations

from edgesnn.cli.verb import Answer, Progress, verb
from edgesnn.target import Target


@verb("targets")
def command(progress: Progress) -> Answer:
    """A target is a kind of place that models run; its boards are listed by `edgesnn boards`."""
    from edgesnn.report import text
    from edgesnn.target import targets

    places = list(targets().values())
    rows = [(place.name, place.default_board, place.description) for place in places]
    columns = ("target", "default board", "what it is")
    return Answer({"targets": [described(place) for place in places]}, text.listing(columns, rows, "no targets"))


def described(place: Target) -> dict[str, object]:
    return {
        "name": place.name,
        "description": place.description,
        "default_board": place.default_board,
        "boards": list(place.boards()),
    }
