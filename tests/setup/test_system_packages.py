"""The script that brings system packages, on machines that lack them: a folder of stand-ins plays the machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "system_packages.sh"
USED = ("bash", "env", "cat", "mktemp", "paste", "rm", "sort", "tail")
DEMO = ("gcc", "arm-none-eabi-gcc", "qemu-system-arm")


class Machine:
    """Programs in one folder; `apt-get` writes down what it is asked and brings `arriving`."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.log = folder / "apt.log"
        for name in USED:
            (self.bin / name).symlink_to(str(shutil.which(name)))
        self.program("python3", f'exec {sys.executable} "$@"')

    def program(self, name: str, body: str = "exit 0") -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def apt(self, arriving: tuple[str, ...], body: str = "") -> None:
        made = [
            f"printf '#!/bin/bash\\n' > {self.bin}/{name}; {shutil.which('chmod')} +x {self.bin}/{name}"
            for name in arriving
        ]
        installs = f'if [ "$1" = install ]; then {"; ".join(made)}; fi' if made else ""
        self.program("apt-get", f"echo $* >> {self.log}\n{body}\n{installs}")

    def run(self, kind: str = "demo") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/bash", SCRIPT, kind], env={"PATH": str(self.bin)}, text=True, capture_output=True, timeout=60
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.program("id", "echo 0")
    return made


def test_nothing_is_asked_of_apt_when_all_is_there(machine: Machine) -> None:
    for name in DEMO:
        machine.program(name)
    machine.apt(())
    done = machine.run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not machine.log.exists()


def test_root_installs_what_is_missing(machine: Machine) -> None:
    machine.program("gcc")
    machine.program("qemu-system-arm")
    machine.apt(("arm-none-eabi-gcc",))
    done = machine.run()
    assert done.returncode == 0, done.stderr
    update, install = machine.log.read_text().splitlines()
    assert update.startswith("update")
    assert install.startswith("install -y --no-install-recommends gcc-arm-none-eabi")
    assert "qemu" not in install


def test_user_without_sudo_is_told_the_command(machine: Machine) -> None:
    machine.program("id", "echo 1000")
    machine.program("sudo", "exit 1")
    machine.apt(())
    done = machine.run("test")
    assert done.returncode == 1
    (command,) = (line.strip() for line in done.stderr.splitlines() if line.startswith("    "))
    assert command.startswith("sudo apt-get update && sudo apt-get install -y --no-install-recommends ")
    wanted = {
        "gcc-arm-none-eabi", "qemu-system-arm", "gcc-riscv64-unknown-elf", "qemu-system-misc", "gcc", "libc6-dev",
        "clang", "chromium", "chromium-driver",
    }  # fmt: skip
    assert wanted <= set(command.split())
    assert not machine.log.exists()


def test_user_with_sudo_uses_it(machine: Machine) -> None:
    machine.program("id", "echo 1000")
    machine.program("sudo", 'if [ "$1" = -n ]; then shift; fi\necho "sudo $1" >> ' + str(machine.log) + '\nexec "$@"')
    machine.program("true")
    machine.apt(DEMO)
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert machine.log.read_text().count("sudo apt-get") == 2


def test_python_is_a_package_like_any_other(machine: Machine) -> None:
    for name in DEMO:
        machine.program(name)
    machine.program("python3", "exit 1")
    machine.apt(())
    assert machine.run().returncode == 1
    assert machine.log.read_text().splitlines()[1].endswith("python3 python3-venv -qq")


def test_failing_apt_is_shown_with_the_command(machine: Machine) -> None:
    machine.apt((), "echo E: no network >&2\nexit 100")
    done = machine.run()
    assert done.returncode == 1
    assert "E: no network" in done.stderr
    assert "    apt-get update && apt-get install -y" in done.stderr


def test_machine_without_apt_names_what_to_install(machine: Machine) -> None:
    done = machine.run()
    assert done.returncode == 1
    assert "gcc-arm-none-eabi" in done.stderr
    assert "qemu-system-arm" in done.stderr


def test_apt_that_brings_nothing_is_not_believed(machine: Machine) -> None:
    machine.apt(())
    done = machine.run()
    assert done.returncode == 1
    assert "Still missing" in done.stderr
