"""The worker is a bounded subprocess: whatever goes wrong in it is one clear error, and nothing is left behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from edgesnn.environments import second_python
from edgesnn.errors import ToolError
from edgesnn.integer.ops import Dense, Input, Membrane
from edgesnn.targets.loihi import worker
from tests.factory import quantized_lif
from tests.targets.loihi.lava import TARGET, chain, opened

MODEL = chain(Input((2,), 0, 1), Dense([[300 // 3, -7], [5, 60]], 8), quantized_lif(4), Dense([[1, 2]]), Membrane())
X = np.ones((1, 5, 2), int)


def script(folder: Path, text: str) -> Path:
    """A runner that does something else."""
    file = folder / "run.py"
    file.write_text("import sys, time, os\nimport numpy as np\n" + text)
    return file


def shared_memory() -> set[str]:
    """Segments that exist now, of every program that runs."""
    names = os.listdir("/dev/shm") if os.path.isdir("/dev/shm") else []
    return {name for name in names if name.startswith("psm_")}


def assert_gone(segments: set[str]) -> None:
    """The resource tracker frees a dead network's memory within moments; another test's lives some seconds."""
    deadline = time.monotonic() + 60
    while segments & shared_memory() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not segments & shared_memory()


def spoil(folder: Path, **arrays: np.ndarray) -> None:
    file = folder / "bundle" / "network.npz"
    with np.load(file) as stored:
        kept = dict(stored)
    np.savez(file, **{**kept, **arrays})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sys.exit('out of ideas\\x1b[31m')", r"the simulation failed: out of ideas\?\[31m"),
        ("print('error: first'); print('error: second'); sys.exit(1)", "failed: first"),
        ("sys.exit(3)", "it said nothing"),
        ("pass", "no result"),
        ("open('result.npz', 'wb').write(b'PK' * 40000)", "impossible size|answered nonsense"),
        ("open('result.npz', 'wb').write(b'garbage')", "answered nonsense"),
        ("np.savez('result.npz', other=1)", "answered nonsense"),
        ("np.savez('result.npz', output=np.zeros((1, 2), 'i4'))", "not int32"),
        ("np.savez('result.npz', output=np.zeros((1, 1)))", "not int32"),
        ("np.savez('result.npz', output=np.array([[None]]))", "answered nonsense"),
    ],
)
def test_runner_that_misbehaves(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=words) as caught:
        worker.run_bundle(script(tmp_path, text), X, (), {"output": (1, 1)})
    assert caught.value.remedy and len(caught.value.problem) < 500


def test_runner_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it ignores the polite request, and together with what it started."""
    monkeypatch.setattr(worker, "START_SECONDS", 1.0)
    monkeypatch.setattr(worker, "STEP_SECONDS", 0.0)
    monkeypatch.setattr(worker, "GRACE_SECONDS", 1.0)
    beacon = tmp_path / "pids"
    main = script(
        tmp_path,
        "import signal, subprocess\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(beacon)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(600)",
    )
    with pytest.raises(ToolError, match="no answer within 1 s"):
        worker.run_bundle(main, X, (), {"output": (1, 1)})
    deadline = time.monotonic() + 10
    for pid in map(int, beacon.read_text().split()):
        while running(pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not running(pid)


def running(pid: int) -> bool:
    """Whether a process exists and has not merely not been reaped yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_failing_process_ends_the_network(tmp_path: Path) -> None:
    session = opened(MODEL, tmp_path)
    spoil(tmp_path, **{"quantizedlif2.leak_table": np.zeros(1, np.int16), "quantizedlif2.code_table": np.array([9])})
    with pytest.raises(ToolError, match=r"quantizedlif2 failed: index .* is out of bounds"):
        session.run(X)
    assert_gone(shared_memory())


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("network.json", "{}", "is no edgesnn-lava-network of version 1"),
        ("network.json", "[", "Expecting value"),
        ("network.npz", "", "No data|EOF|pickle|zip"),
    ],
)
def test_spoiled_bundle(name: str, text: str, words: str, tmp_path: Path) -> None:
    session = opened(MODEL, tmp_path)
    (tmp_path / "bundle" / name).write_text(text)
    with pytest.raises(ToolError, match=words):
        session.run(X)


def test_no_second_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(MODEL, tmp_path)
    monkeypatch.setenv("EDGESNN_LAVA_PYTHON", str(tmp_path / "python"))
    with pytest.raises(ToolError, match="EDGESNN_LAVA_PYTHON"):
        session.run(X)
    assert TARGET.doctor()[0][1] is False


def test_environment_without_lava(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(MODEL, tmp_path)
    monkeypatch.setenv("EDGESNN_LAVA_PYTHON", sys.executable)
    with pytest.raises(ToolError, match="No module named 'lava'"):
        session.run(X)
    ((what, present, remedy),) = TARGET.doctor()
    assert what == "lava-nc" and not present and "EDGESNN_LAVA_PYTHON" in remedy


def test_doctor_names_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    ((what, present, version),) = TARGET.doctor()
    assert what == "lava-nc" and present and version.startswith("0.")


def test_bundle_runs_on_its_own(tmp_path: Path) -> None:
    """Moved to another place, without edgesnn, as its README says; a wrong sample is one line."""
    session = opened(MODEL, tmp_path)
    expected = session.run(X)
    moved = (tmp_path / "bundle").rename(tmp_path / "taken away")
    np.savez(tmp_path / "samples.npz", x=X)
    command = [second_python(), moved / "run.py", "--input", "samples.npz", "--output", "result.npz"]
    done = subprocess.run([*command, "--record", "quantizedlif2"], cwd=tmp_path, timeout=120, check=True)
    assert done.returncode == 0
    with np.load(tmp_path / "result.npz") as result:
        np.testing.assert_array_equal(result["output"], expected)
        assert sorted(result.files) == ["output", "quantizedlif2.output", "quantizedlif2.v"]
    np.savez(tmp_path / "samples.npz", x=X * 9)
    wrong = subprocess.run(command, cwd=tmp_path, timeout=120, capture_output=True, text=True)
    assert wrong.returncode == 2 and wrong.stderr == "error: x from 9 to 9 leaves [0, 1]\n"
