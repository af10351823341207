"""QT-SNN on spoken digits and EEG: ternary spikes, weights of 4 or 2 bits, membranes of 8 or 4 bits."""

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
    _model("qt_snn", "spoken digits (FSDD), 4-bit weights, 8-bit membranes, ternary spikes"),
    _model("qt_snn_2w4u", "spoken digits (FSDD), ternary weights, 4-bit membranes, ternary spikes"),
    _model("qt_snn_eeg", "EEG before a finger moves, left or right, 4-bit weights, 8-bit membranes, ternary spikes"),
)
