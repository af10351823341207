"""STD-ED and MPD-ED: layers of integrate-and-fire neurons on images as spike times, trained by events."""

from pathlib import Path

from edgesnn.zoo import ZooModel

HERE = Path(__file__).resolve().parent


def _model(name: str, summary: str) -> ZooModel:
    return ZooModel(
        name,
        summary,
        path=HERE / "weights" / f"{name}.onnx",
        card=HERE / "README.md",
        recipe=HERE / "recipes" / f"{name}.toml",
    )


MODELS = (
    _model("mpd_ed", "MNIST as spike times, trained by MPD-ED, 784-400-10; goes on learning where it runs"),
    _model("std_ed", "MNIST as spike times, trained by STD-ED, 784-800-10, the first output spike decides"),
    _model("mpd_ed_fashion", "Fashion-MNIST as spike times, trained by MPD-ED, 784-400-10"),
)
