"""STDBP: ReL-PSP neurons that fire once, trained by the times of their spikes; the first output spike decides."""

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
    _model("stdbp", "MNIST as spike times, ReL-PSP neurons, 784-400-10, the first output spike decides"),
    _model(
        "stdbp_fashion", "Fashion-MNIST as spike times, ReL-PSP neurons, 784-400-10, the first output spike decides"
    ),
)
