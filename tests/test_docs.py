"""Examples in the documentation are run; what it links to exists."""

from __future__ import annotations

import doctest
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

import edgesnn
from edgesnn.integer import Array, Model, run

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples(page: Path) -> None:
    failures, _ = doctest.testfile(str(page), module_relative=False)
    assert failures == 0


def test_the_specification_has_examples_of_every_operator() -> None:
    from edgesnn.integer.ops import OPERATORS

    text = (ROOT / "docs" / "integer-model.md").read_text()
    titles = re.findall(r"^### (\w+)$", text, re.MULTILINE)
    assert sorted(titles) == sorted(OPERATORS)
    for title, section in zip(titles, re.split(r"^### \w+$", text, flags=re.MULTILINE)[1:], strict=True):
        assert title == "Input" or ">>> " in section, title


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        assert link.startswith("http") or (page.parent / link).exists(), link


def block(page: str, language: str, word: str) -> str:
    """The only block of code in that language that has the word."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)
    (found,) = (text for text in blocks if word in text)
    return found


def test_board_of_the_documentation_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netduino2.toml").write_text(block("add-a-board.md", "toml", "netduino2"))
    monkeypatch.setenv("EDGESNN_BOARDS", str(tmp_path))
    answer = edgesnn.verify("q_snn", "mcu", "netduino2", samples=2)
    assert (answer.exact, answer.samples) == (True, 2)


def test_real_board_of_the_documentation_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A board of a family that is here needs a file and nothing else."""
    (tmp_path / "nucleo-f411re.toml").write_text(block("add-a-board.md", "toml", "F411RE"))
    monkeypatch.setenv("EDGESNN_BOARDS", str(tmp_path))
    assert edgesnn.build("q_snn", "mcu", "nucleo-f411re", out=tmp_path / "out").main.is_file()


def test_every_board_is_in_the_documentation() -> None:
    from edgesnn.target import target

    page = (ROOT / "docs" / "getting-started-mcu.md").read_text()
    assert [name for name in target("mcu").boards() if f"`{name}`" not in page] == []


def test_program_of_the_documentation_classifies(tmp_path: Path) -> None:
    from edgesnn import datasets

    edgesnn.build("q_snn", "mcu", "host", out=tmp_path / "out")
    (tmp_path / "main.c").write_text(block("getting-started-mcu.md", "c", "main"))
    model = tmp_path / "out" / "model"
    compile_it = [
        "cc",
        "-std=c99",
        "-O2",
        "-I",
        model,
        tmp_path / "main.c",
        *model.glob("*.c"),
        "-o",
        tmp_path / "classify",
    ]
    subprocess.run(compile_it, check=True)
    samples, _ = datasets.sample("mnist")
    q_snn = edgesnn.load("q_snn")
    for image in samples[:3]:
        said = subprocess.run([tmp_path / "classify"], input=image.tobytes(), capture_output=True, check=True).stdout
        assert int(said) == decision(q_snn, image)


def decision(model: Model, image: Array) -> int:
    return int(run(model, model.encode(image[None])).decisions[0])


def test_own_network_of_the_readme_runs_exactly() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(code.strip().splitlines()) <= 12
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    answer = edgesnn.verify(names["model"], "tflite", samples=3)  # type: ignore[arg-type]
    assert (answer.exact, answer.samples) == (True, 3)


def test_network_of_the_documentation_goes_on_learning(tmp_path: Path) -> None:
    """As documented, but small, and on this computer. It gains more on what is new than it loses."""
    import torch

    from edgesnn import api, datasets

    names: dict[str, Any] = {}
    exec(compile(block("learning.md", "python", "def turned"), "turned.py", "exec"), names)
    images, labels = datasets.sample("mnist")
    torch.manual_seed(0)
    before, after = tmp_path / "digits.onnx", tmp_path / "after.onnx"
    names["file"].save(names["pretrained"](images[:700], labels[:700], hidden=32, epochs=20), before)
    names["lessons"](tmp_path / "turned.npz", images[:200], labels[:200], images[200:300], labels[200:300])
    teaching = api.learn(before, target="mcu", board="host", data=str(tmp_path / "turned.npz"), samples=900, save=after)
    assert (teaching.exact, teaching.samples) == (True, 900)

    def accuracies(model: Path) -> tuple[float, float]:
        unseen = images[700:], labels[700:]
        return names["accuracy"](model, *unseen), names["accuracy"](model, names["turned"](unseen[0]), unseen[1])

    (upright, turned), (upright_after, turned_after) = accuracies(before), accuracies(after)
    assert upright - turned > 0.15  # or there was nothing to adapt to
    assert turned_after - turned > 0.05 > upright - upright_after
