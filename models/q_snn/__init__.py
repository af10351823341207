"""Q-SNN on MNIST: 1-bit weights with membranes of 8, 4 or 2 bits, and the same network with stock Loihi neurons."""

from pathlib import Path

from edgesnn.zoo import ZooModel

HERE = Path(__file__).resolve().parent


def _model(name: str, summary: str, default_of: tuple[str, ...] = ()) -> ZooModel:
    return ZooModel(
        name,
        summary,
        path=HERE / "weights" / f"{name}.onnx",
        default_of=default_of,
        card=HERE / "README.md",
        recipe=HERE / "recipes" / f"{name}.toml",
    )


MODELS = (
    _model("q_snn", "MNIST, 1-bit weights, 8-bit membranes", ("mcu", "tflite")),
    _model("q_snn_1w4u", "MNIST, 1-bit weights, 4-bit membranes"),
    _model("q_snn_1w2u", "MNIST, 1-bit weights, 2-bit membranes"),
    _model("q_snn_loihi", "MNIST, the same network with stock Loihi neurons", ("loihi",)),
)
