"""The installed command as a process of its own: streams, colour, pipes, terminals."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

COMMAND = [str(Path(sys.executable).parent / "edgesnn")]


def test_json_is_all_there_is_on_standard_output(here: Path, model_file: Path) -> None:
    words = ["run", str(model_file), "--limit", "50", "--json"]
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=120, cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["samples"] == 50


def test_a_mistake_is_one_line_on_standard_error(here: Path) -> None:
    done = subprocess.run([*COMMAND, "run", "q_snnn"], capture_output=True, text=True, timeout=120, cwd=here)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: q_snnn: is neither a model of the zoo nor a file. Did you mean q_snn?\n"


def test_a_closed_pipe_is_no_fault(here: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, "models"], stdout=writer, stderr=subprocess.PIPE, text=True, timeout=120, cwd=here)
    os.close(writer)
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def on_terminal(words: list[str], **variables: str) -> str:
    """What a terminal shows, in an environment without NO_COLOR unless given."""
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm-256color"}
    leader, follower = pty.openpty()
    with subprocess.Popen([*COMMAND, *words], stdout=follower, stderr=follower, env=environment | variables) as job:
        os.close(follower)
        shown = b""
        while True:
            try:
                part = os.read(leader, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
        job.wait(timeout=120)
    os.close(leader)
    return shown.decode()


def test_colour_on_a_terminal_unless_refused() -> None:
    assert "\x1b[31m" in on_terminal(["run", "nothing"])
    assert "\x1b[3" not in on_terminal(["run", "nothing"], NO_COLOR="1")
    assert "\x1b[3" not in on_terminal(["models"], NO_COLOR="1")
