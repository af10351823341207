"""Starting is quick because little is imported: counted, because a clock would say something else on every machine."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "ai_edge_litert",
    "elftools",
    "jinja2",
    "lava",
    "matplotlib",
    "onnx",
    "onnxruntime",
    "plotly",
    "scipy",
    "torch",
}


def imported(code: str) -> set[str]:
    """Names of all modules loaded by a fresh Python that has run `code`."""
    show = "import atexit, sys; atexit.register(lambda: print('modules', *sys.modules, file=sys.stderr))"
    command = [sys.executable, "-c", f"{show}\n{code}"]
    done = subprocess.run(command, text=True, capture_output=True, timeout=120, check=True)
    return set(done.stderr.splitlines()[-1].split()[1:])


def help_of(*words: str) -> str:
    return f"from edgesnn.cli import main\nmain([{', '.join(map(repr, [*words, '--help']))}])"


@pytest.mark.parametrize(
    ("code", "most"),
    [("import edgesnn", 30), (help_of(), 120), (help_of("deploy"), 140)],
    ids=["import edgesnn", "edgesnn --help", "edgesnn deploy --help"],
)
def test_little_is_imported(code: str, most: int) -> None:
    beyond = imported(code) - imported("pass")
    assert HEAVY & {name.split(".")[0] for name in beyond} == set()
    assert len(beyond) <= most


def test_verbs_need_no_torch() -> None:
    code = "import edgesnn\nfor verb in edgesnn.__all__: getattr(edgesnn, verb)"
    assert "torch" not in imported(code)


def test_the_count_counts() -> None:
    assert "onnx" in imported("import edgesnn.integer.file")
