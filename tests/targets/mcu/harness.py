"""Generated C on the host, under the sanitizers, held against the interpreter: every output, state and decision."""

from __future__ import annotations

import functools
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

import numpy as np

from edgesnn.compare import first_difference
from edgesnn.integer import Array, Model, Run, Trace, run
from edgesnn.targets.mcu.codegen import Generated, Layout, write

DRIVER = Path(__file__).with_name("batch.c")
STRICT = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
SANITIZED = (*STRICT, "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def compile_c(compiler: str, flags: tuple[str, ...], sources: list[Path], output: Path) -> None:
    """One invocation of a compiler; its messages are the failure's text."""
    done = subprocess.run(
        [compiler, *flags, *map(str, sources), "-o", str(output)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[:4000]


@functools.cache
def kernel_library() -> Path:
    """All kernels, compiled once for all models of a test session."""
    firmware = Path(str(files("edgesnn.firmware")))
    folder = Path(tempfile.mkdtemp(prefix="edgesnn-kernels-"))
    sources = sorted((firmware / "kernels").glob("*.c"))
    done = subprocess.run(
        ["gcc", *SANITIZED, "-c", f"-I{firmware / 'include'}", *map(str, sources)],
        cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[:4000]
    library = folder / "libkernels.a"
    subprocess.run(["ar", "rcs", str(library), *map(str, sorted(folder.glob("*.o")))], check=True)
    return library


def build(model: Model, folder: Path) -> Generated:
    """The model's bundle in `folder` and, beside its sources, the program `batch`."""
    generated = write(model, folder)
    flags = (
        *SANITIZED, "-DEDGESNN_OBSERVE", f'-DMODEL_HEADER="{model.name}.h"', f"-DLOWER={model.name}",
        f"-DUPPER={model.name.upper()}", "-iquote", str(folder),
    )  # fmt: skip
    compile_c("gcc", flags, [DRIVER, folder / f"{model.name}.c", kernel_library()], folder / "batch")
    return generated


def execute(model: Model, layout: Layout, program: Path, x: Array) -> tuple[Run, Array]:
    """What the program shows of samples x (samples, steps, *input shape), as the interpreter gives it; decisions."""
    samples, steps = x.shape[:2]
    done = subprocess.run(
        [str(program), str(samples), str(steps)], input=x.astype(np.int8).tobytes(), capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()[:4000]
    seen = [node for node in layout.nodes if node.output is not None]
    sizes = [node.output.bytes for node in seen if node.output is not None]
    record = sum(sizes) + layout.state_bytes + 4 * model.output.size
    data = np.frombuffer(done.stdout, np.uint8).reshape(samples, steps * record + 1)
    frames = data[:, :-1].reshape(samples, steps, record)
    states = frames[:, :, sum(sizes) : sum(sizes) + layout.state_bytes]
    traces, at = {}, 0
    for node, size in zip(seen, sizes, strict=True):
        assert node.output is not None
        output = _decoded(frames[:, :, at : at + size], node.output.decode)
        kept = {
            state.name: _decoded(states[:, :, state.offset : state.offset + state.storage.bytes], state.storage.decode)
            for state in node.states
        }
        traces[node.name] = Trace(output, kept)
        at += size
    outputs = np.ascontiguousarray(frames[:, -1, -4 * model.output.size :]).view("<i4").astype(np.int64)
    return Run(outputs, traces, {}), data[:, -1].astype(np.int64)


def _decoded(frames: Array, decode) -> Array:  # type: ignore[no-untyped-def]
    return np.stack([np.stack([decode(step.tobytes()) for step in sample]) for sample in frames])


def assert_exact(model: Model, x: Array, folder: Path) -> Generated:
    """Interpreter == generated C, for every observable output, every state, every output and decision."""
    generated = build(model, folder)
    actual, decisions = execute(model, generated.layout, folder / "batch", x)
    expected = run(model, x, record=[node.name for node in model.nodes])
    difference = first_difference(expected, actual)
    assert difference is None, str(difference)
    assert (expected.output == actual.output).all()
    assert (expected.decisions == decisions).all()
    states = {node.name: sorted(spec.name for spec in model.states_of(node)) for node in model.nodes}
    assert {name: sorted(trace.states) for name, trace in actual.traces.items()} == states
    return generated


def random_input(model: Model, samples: int, seed: int = 0, density: float | None = None) -> Array:
    """Samples over the whole input range; `density`: the fraction of values that are not silent."""
    rng = np.random.default_rng(seed)
    low, high = model.input_op.low, model.input_op.high
    x = rng.integers(low, high + 1, (samples, model.time_steps, *model.input.shape))
    if density is not None and low <= 0 <= high:
        x = np.where(rng.random(x.shape) < density, x, 0)
    return x
