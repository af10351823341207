"""The bundle as a user gets it: compilers, symbols, names, text, what happens past the end."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import FileError, UnsupportedModelError
from edgesnn.integer import Array, Metadata, Model, Node, run
from edgesnn.integer.ops import Dense, Input, IntegrateFire, Lif, Membrane, Rescale
from edgesnn.targets.mcu.codegen import generate, write
from edgesnn.targets.mcu.codegen.runtime import header_of
from tests.factory import attention_like, q_snn_like, q_snn_loihi_like, ternary_like
from tests.targets.mcu.chain import chain, spikes, weights
from tests.targets.mcu.codegen.test_synapses import convolution
from tests.targets.mcu.harness import (
    DRIVER,
    FIRMWARE,
    STRICT,
    assert_all_exact,
    assert_exact,
    build,
    compile_c,
    execute,
    random_input,
)
from tests.targets.mcu.shapes import qp_like, qt_like

COMPILERS = ("gcc", "clang", "arm-none-eabi-gcc")
ARM = ("-mcpu=cortex-m4", "-mthumb", "-ffreestanding")


def small(name: str = "m", **model: object) -> Model:
    dense = Dense(weights(0, 8, 3, 6), 8)
    return chain(name, spikes(6), Lif(2, voltage_decay=100, fraction_bits=0), dense, Membrane(), **model)  # type: ignore[arg-type]


@pytest.mark.parametrize("compiler", COMPILERS)
def test_compiles_alone_without_a_warning(tmp_path: Path, compiler: str) -> None:
    """Every .c of the bundle, no -I, observed and not."""
    assert shutil.which(compiler), f"{compiler} is needed: it is one of the compilers the generated C is promised for"
    flags = [*STRICT, "-O3", *(ARM if compiler.startswith("arm") else ())]
    for model in (q_snn_like(), q_snn_loihi_like(), ternary_like(), attention_like()):
        folder = tmp_path / model.name
        write(model, folder)
        compile_c(compiler, [*flags, "-c", *sorted(folder.glob("*.c"))], folder)
        compile_c(compiler, [*flags, "-DEDGESNN_OBSERVE", "-c", f"{model.name}.c"], folder)


@pytest.mark.parametrize("compiler", COMPILERS[1:])
def test_every_kernel_compiles_without_a_warning(tmp_path: Path, compiler: str) -> None:
    """The first compiler is that of the harness, with the same flags."""
    kernels = sorted((FIRMWARE / "kernels").glob("*.c"))
    flags = [*STRICT, "-O2", *(ARM if compiler.startswith("arm") else ()), f"-I{FIRMWARE / 'include'}"]
    compile_c(compiler, [*flags, "-c", *kernels], tmp_path)


def test_headers_serve_cpp(tmp_path: Path) -> None:
    write(small(), tmp_path)
    (tmp_path / "user.cpp").write_text(
        '#include "m.h"\n#include "edgesnn/observe.h"\nint main() { m_reset(); return m_decide(); }\n'
    )
    compile_c("gcc", [*STRICT[5:], "-c", *sorted(tmp_path.glob("*.c"))], tmp_path)
    compile_c(
        "g++", ["-std=c++11", "-Wall", "-Werror", "user.cpp", *sorted(tmp_path.glob("*.o")), "-o", "user"], tmp_path
    )


def symbols(folder: Path) -> dict[str, list[str]]:
    """Symbols of all objects of a folder, by their letter in nm."""
    found: dict[str, list[str]] = {}
    objects = sorted(map(str, folder.glob("*.o")))
    for line in subprocess.run(["nm", *objects], capture_output=True, text=True, check=True).stdout.splitlines():
        match = re.fullmatch(r"[0-9a-f ]*\b([A-Za-z]) (\S+)", line)
        if match:
            found.setdefault(match[1], []).append(match[2])
    return found


def test_symbols(tmp_path: Path) -> None:
    """No heap, no input or output, nothing global outside the prefixes, no initialised variables."""
    for model in (q_snn_like(), q_snn_loihi_like()):
        folder = tmp_path / model.name
        write(model, folder)
        compile_c("gcc", [*STRICT, "-O2", "-fno-pie", "-c", *sorted(folder.glob("*.c"))], folder)
        found = symbols(folder)
        assert set(found.get("U", ())) - set(found["T"]) <= {"memset", "memcpy", "_GLOBAL_OFFSET_TABLE_"}
        exposed = {name for letter, names in found.items() if letter.isupper() and letter != "U" for name in names}
        assert all(name.startswith(("esnn_", f"{model.name}_")) for name in exposed), exposed
        assert not {"d", "D"} & set(found)


def test_sizes_are_those_of_the_object(tmp_path: Path) -> None:
    """RAM of the layout == .bss of the model compiled for a 32-bit device; constants == .rodata."""
    models = [q_snn_like(), q_snn_like(4), q_snn_loihi_like(), small("stream", streaming=False), qt_like(2, 4)]
    models += [ternary_like(), attention_like(0, 4), qp_like(2), convolution("depthwise", "2zf", spikes)]
    for model in models:
        folder = tmp_path / f"{model.name}{len(list(tmp_path.iterdir()))}"
        layout = write(model, folder).layout
        flags = [*STRICT, *ARM, "-Os", "-fdata-sections", "-c", f"{model.name}.c"]
        compile_c("arm-none-eabi-gcc", flags, folder)
        listing = subprocess.run(
            ["arm-none-eabi-size", "-A", f"{model.name}.o"], cwd=folder, capture_output=True, text=True, check=True
        ).stdout
        sections = [line.split() for line in listing.splitlines() if line.startswith(".")]
        assert sum(int(size) for name, size, _ in sections if name.startswith(".bss")) == layout.ram_bytes
        assert sum(int(size) for name, size, _ in sections if name.startswith(".rodata")) == layout.weight_bytes


def test_model_names_that_mean_something_to_c(tmp_path: Path) -> None:
    """And several models in one program."""
    names = ["float", "main", "string", "int", "stdint", "state", "arena", "steps", "edgesnn", "e"]
    assert_all_exact([(small(name), random_input(small(name), 2)) for name in names], tmp_path)


def test_node_names_that_mean_something_to_c(tmp_path: Path) -> None:
    words = ["int", "input", "output", "state", "arena", "steps", "advance", "memory", "i"]
    nodes = [Node(words[0], Input((4,), -128, 127))]
    for word in words[1:]:
        nodes.append(Node(word, Rescale(multiplier=3, offset=1, shift=1), (nodes[-1].name,)))
    nodes += [Node("strict", IntegrateFire(9), (words[-1],)), Node("main", Membrane(), ("strict",))]
    model = Model("m", tuple(nodes), 2)
    assert_exact(model, random_input(model, 2), tmp_path)


@pytest.mark.parametrize("name", ["esnn", "esnn_conv"])
def test_names_of_the_runtime_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedModelError, match="belong to the C runtime"):
        write(small(name), tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_text_of_strangers_stays_in_its_comment(tmp_path: Path) -> None:
    evil = '*/ #error "out" /* \\\n ??/ \x00 é'
    model = small(metadata=Metadata(description=evil, classes=("*/", "a\\\n", "b")))
    assert_exact(model, random_input(model, 2), tmp_path)
    header = (tmp_path / "m.h").read_text()
    assert header.isascii()
    assert header.count("*/") == header.count("/*")


def test_the_same_model_gives_the_same_text() -> None:
    assert dict(generate(q_snn_like()).files) == dict(generate(q_snn_like()).files)


def test_steps_past_the_end_change_nothing(tmp_path: Path) -> None:
    model = small(time_steps=2)
    x = random_input(model, 3)
    build(model, tmp_path)
    longer = np.concatenate([x, 1 - x], axis=1)
    assert (outputs_unobserved(model, tmp_path, longer) == run(model, x).output).all()


def outputs_unobserved(model: Model, folder: Path, x: Array) -> Array:
    """Final outputs; a step that is ignored observes nothing, so the frames are not those of `execute`."""
    sources = [DRIVER, *sorted(folder.glob("*.c"))]
    compile_c("gcc", [*STRICT, "-O1", "-iquote", folder, *sources, "-o", "plain"], folder)
    command = [str(folder / "plain"), model.name, str(len(x)), str(x.shape[1])]
    done = subprocess.run(command, input=x.astype(np.int8).tobytes(), capture_output=True, timeout=60, check=True)
    frames = np.frombuffer(done.stdout, np.uint8).reshape(len(x), -1)
    outputs = np.ascontiguousarray(frames[:, -1 - 4 * model.output.size : -1]).view("<i4")
    return outputs.astype(np.int64)


def test_streaming_models_run_on(tmp_path: Path) -> None:
    model = chain("m", spikes(6), Dense(weights(0, 8, 3, 6), 8), Membrane(voltage_decay=500), streaming=True)
    generated = build(model, tmp_path)
    x = np.concatenate([random_input(model, 2, seed) for seed in range(40)], axis=1)
    actual, decisions = execute(model, generated.layout, tmp_path / "batch", x)
    expected = run(model, x)
    assert (actual.output == expected.output).all()
    assert (decisions == expected.decisions).all()
    assert generated.layout.control_bytes == 0


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be written"):
        write(small(), tmp_path / "file")


def test_one_public_function_a_file() -> None:
    """Every kernel file defines one function, which has the file's name and is declared in a header."""
    for path in sorted((FIRMWARE / "kernels").glob("*.c")):
        text = path.read_text()
        named = re.findall(r"^(?:#define NAME (?=\w+$)|(?!static)\w+ )(esnn_\w+)\b", text, re.MULTILINE)
        assert named == [path.stem]
        assert header_of(path.stem)
