"""Generated C on the host, under the sanitizers, held against the interpreter: every output, state and decision."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import numpy as np

from edgesnn.compare import first_difference
from edgesnn.integer import Array, Model, Run, Trace, run
from edgesnn.targets.mcu.codegen import Generated, Layout, write

DRIVER = Path(__file__).with_name("batch.c")
STRICT = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
SANITIZED = (*STRICT, "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
FIRMWARE = Path(str(files("edgesnn.firmware")))


def compile_c(compiler: str, arguments: Sequence[str | Path], folder: Path) -> None:
    """One invocation of a compiler in `folder`; its messages are the failure's text."""
    done = subprocess.run([compiler, *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[:4000]


@functools.cache
def _objects() -> Path:
    return Path(tempfile.mkdtemp(prefix="edgesnn-kernels-"))


def kernel_objects(kernels: Iterable[str]) -> list[Path]:
    """Objects of kernels, each compiled once for all models of a test session."""
    folder = _objects()
    missing = sorted(kernel for kernel in kernels if not (folder / f"{kernel}.o").exists())

    def compile_one(kernel: str) -> None:
        source = FIRMWARE / "kernels" / f"{kernel}.c"
        compile_c("gcc", [*SANITIZED, "-c", f"-I{FIRMWARE / 'include'}", source], folder)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(compile_one, missing))
    return [folder / f"{kernel}.o" for kernel in sorted(kernels)]


def build_all(models: Sequence[Model], folder: Path, prefer: str = "flash") -> dict[str, Generated]:
    """The bundles of models of different names, all in `folder`, and the program `batch` that runs each of them."""
    made = {model.name: write(model, folder, prefer) for model in models}
    assert len(made) == len(models)
    lines = [f'#include "{name}.h"' for name in made]
    entries = " ".join(f"MODEL({name}, {name.upper()})" for name in made)
    (folder / "models.h").write_text("\n".join([*lines, f"#define MODELS {entries}", ""]), encoding="ascii")
    kernels = {kernel for generated in made.values() for kernel in generated.layout.kernels}
    sources = [DRIVER, *(folder / f"{name}.c" for name in made), *kernel_objects(kernels)]
    compile_c("gcc", [*SANITIZED, "-DEDGESNN_OBSERVE", "-iquote", folder, *sources, "-o", "batch"], folder)
    return made


def build(model: Model, folder: Path, prefer: str = "flash") -> Generated:
    """The same for one model."""
    return build_all([model], folder, prefer)[model.name]


def execute(model: Model, layout: Layout, program: Path, x: Array) -> tuple[Run, Array]:
    """What the program shows of samples x (samples, steps, *input shape), as the interpreter gives it; decisions."""
    samples, steps = x.shape[:2]
    command = [str(program), model.name, str(samples), str(steps)]
    done = subprocess.run(command, input=x.astype(np.int8).tobytes(), capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()[:4000]
    outputs = [(node, node.output) for node in layout.nodes if node.output is not None]
    observed = sum(storage.bytes for _, storage in outputs)
    record = observed + layout.state_bytes + 4 * model.output.size
    data = np.frombuffer(done.stdout, np.uint8).reshape(samples, steps * record + 1)
    frames = data[:, :-1].reshape(samples, steps, record)
    states = frames[:, :, observed : observed + layout.state_bytes]
    traces, at = {}, 0
    for node, storage in outputs:
        kept = {
            state.name: _decoded(states[:, :, state.offset : state.offset + state.storage.bytes], state.storage.decode)
            for state in node.states
        }
        traces[node.name] = Trace(_decoded(frames[:, :, at : at + storage.bytes], storage.decode), kept)
        at += storage.bytes
    final = np.ascontiguousarray(frames[:, -1, -4 * model.output.size :]).view("<i4").astype(np.int64)
    return Run(final, traces, {}), data[:, -1].astype(np.int64)


def _decoded(frames: Array, decode: Callable[[bytes], Array]) -> Array:
    return np.stack([np.stack([decode(step.tobytes()) for step in sample]) for sample in frames])


def compare(model: Model, layout: Layout, program: Path, x: Array) -> None:
    """Interpreter == generated C, for every observable output, every state, every output and decision."""
    actual, decisions = execute(model, layout, program, x)
    expected = run(model, x, record=[node.name for node in model.nodes])
    difference = first_difference(expected, actual)
    assert difference is None, f"{model.name}: {difference}"
    assert (expected.output == actual.output).all()
    assert (expected.decisions == decisions).all()
    states = {node.name: sorted(spec.name for spec in model.states_of(node)) for node in model.nodes}
    shown = {name: sorted(trace.states) for name, trace in actual.traces.items()}
    assert shown == {name: states[name] for name in shown}


def assert_exact(model: Model, x: Array, folder: Path, prefer: str = "flash") -> Generated:
    """One model, built and compared."""
    generated = build(model, folder, prefer)
    compare(model, generated.layout, folder / "batch", x)
    return generated


def assert_all_exact(cases: Sequence[tuple[Model, Array]], folder: Path, prefer: str = "flash") -> dict[str, set[str]]:
    """Many models built in one go; returns the kernels that each uses, by name. A failure names its model."""
    made = build_all([model for model, _ in cases], folder, prefer)
    for model, x in cases:
        compare(model, made[model.name].layout, folder / "batch", x)
    return {name: set(generated.layout.kernels) for name, generated in made.items()}


def random_input(model: Model, samples: int, seed: int = 0, density: float | None = None) -> Array:
    """Samples over the whole input range; `density`: the fraction of values that are not silent."""
    rng = np.random.default_rng(seed)
    low, high = model.input_op.low, model.input_op.high
    x = rng.integers(low, high + 1, (samples, model.time_steps, *model.input.shape))
    if density is not None and low <= 0 <= high:
        x = np.where(rng.random(x.shape) < density, x, 0)
    return x
