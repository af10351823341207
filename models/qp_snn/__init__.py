"""QP-SNN: quantised weights without a zero and channels pruned by spike activity, on MNIST and Fashion-MNIST."""

from pathlib import Path

from edgesnn.zoo import ZooModel

HERE = Path(__file__).resolve().parent


def _model(name: str, summary: str, recipe: str) -> ZooModel:
    return ZooModel(
        name,
        summary,
        path=HERE / "weights" / f"{name}.onnx",
        card=HERE / "README.md",
        recipe=HERE / "recipes" / recipe,
    )


def _models(name: str, data: str) -> tuple[ZooModel, ...]:
    """Trained with 8 bits, by a .toml; what compression made of that, by the .json that it wrote."""
    return (
        _model(f"{name}_8bit", f"{data}, 8-bit weights without a zero", f"{name}_8bit.toml"),
        _model(f"{name}_4bit", f"{data}, 4-bit weights without a zero", f"{name}_4bit.json"),
        _model(f"{name}_2bit", f"{data}, 2-bit weights without a zero", f"{name}_2bit.json"),
        _model(f"{name}_2bit_pruned", f"{data}, the same with half the channels", f"{name}_2bit_pruned.json"),
    )


MODELS = (*_models("qp_snn", "MNIST"), *_models("qp_snn_fashion", "Fashion-MNIST"))
