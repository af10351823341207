"""What a board heard, as text."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from edgesnn.listening import Decision, Listening
from edgesnn.report import format as fmt

FEW = 10
"""So many recordings get a line each."""


def text(listening: Listening) -> Callable[[Console], None]:
    def printer(console: Console) -> None:
        if listening.recordings <= FEW:
            for one in listening.decisions:
                console.print(line(one))
        for summary in summaries(listening):
            console.print(summary)

    return printer


def line(one: Decision) -> str:
    said = "" if one.label is None else f", label {one.label}"
    equal = "equal to the reference" if one.exact else "DIFFERENT from the reference"
    return f"{one.name}  ({one.seconds:.2f} s{said}; {equal})"


def summaries(listening: Listening) -> list[str]:
    where = f"{listening.model} on {listening.target}/{listening.board}"
    pace = "in real time" if listening.real_time else "as fast as the link takes them"
    wrong = f"{listening.mismatches} of {listening.recordings} recordings differ"
    verdict = "every spike, state and score equals the reference" if listening.exact else wrong
    lines = [
        f"{where}: {listening.recordings} recordings of {listening.data}, chunks of {listening.chunk_ms:g} ms {pace}",
        verdict if listening.accuracy is None else f"{verdict}; {fmt.percent(listening.accuracy)} right",
    ]
    if listening.front_end_instructions is not None:
        front_end, network = (fmt.count(listening.front_end_instructions), fmt.count(listening.network_instructions))
        lines.append(
            f"instructions a recording: front end {front_end}, network {network} (first {listening.counted} recordings)"
        )
    return lines
