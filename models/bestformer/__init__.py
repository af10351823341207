"""BESTformer: a spiking transformer with binary weights and attention maps, on MNIST and Fashion-MNIST."""

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
    _model("bestformer", "MNIST, spiking transformer, 1-bit weights and attention maps"),
    _model("bestformer_fashion", "Fashion-MNIST, spiking transformer, 1-bit weights and attention maps"),
)
