"""`edgesnn encode`"""

from __future__ import annotations

from pathlib import Path

import click

from edgesnn.cli.verb import Answer, Progress, verb


@verb("encode")
@click.argument("data", metavar="DATASET")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.json", help="Write the front end to this file.")
@click.option("--bands", type=click.IntRange(1, 64), default=24, show_default=True, help="Mel bands (sound only).")
@click.option("--frames", type=click.IntRange(1, 4096), default=50, show_default=True, help="Frames of a recording.")
@click.option("--upsample", type=click.IntRange(1, 2), default=2, show_default=True, help="Time steps of a frame.")
@click.option("--floor-bits", type=click.IntRange(0, 40), default=18, show_default=True, help="log2 of energy floor.")
@click.option("--common-reference", is_flag=True, help="Take the channels' mean off each of them (not sound).")
@click.option("--theta", type=float, default=1.0, show_default=True, help="First threshold, in std of differences.")
@click.option("--span-down", type=click.IntRange(0, 15), default=3, show_default=True, help="Smallest: theta / 2^N.")
@click.option("--span-up", type=click.IntRange(0, 15), default=3, show_default=True, help="Largest: theta * 2^N.")
@click.option("--silence", type=click.IntRange(1, 255), default=4, show_default=True, help="Steps until it shrinks.")
def command(
    data: str, out: Path | None, bands: int, frames: int, upsample: int, floor_bits: int, common_reference: bool,
    theta: float, span_down: int, span_up: int, silence: int, progress: Progress,
) -> Answer:  # fmt: skip
    """Fits a front end (fixed point, threshold-adaptive spikes) on the training part of DATASET, without its validation
    part, and says how well its spikes tell the signal. A recipe names the file under [front_end]."""
    from edgesnn.encode import Thresholds
    from edgesnn.encoding import design

    thresholds = Thresholds(theta, span_down, span_up, silence)
    fitted = design(data, thresholds, bands, frames, upsample, floor_bits, common_reference, progress)
    if out:
        fitted.save(out)
    return Answer(fitted, fitted.text(out))
