"""From an integer model to the text of its C files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edgesnn.errors import FileError
from edgesnn.integer import Model
from edgesnn.targets.mcu.codegen import arena, names
from edgesnn.targets.mcu.codegen.builder import Builder, State
from edgesnn.targets.mcu.codegen.emit import EMITTERS
from edgesnn.targets.mcu.codegen.front_end import front_end_files
from edgesnn.targets.mcu.codegen.keep import RENEW, Kept, keep
from edgesnn.targets.mcu.codegen.layout import Layout, NodeLayout, StateLayout
from edgesnn.targets.mcu.codegen.render import render
from edgesnn.targets.mcu.codegen.runtime import header_of, sources

DECIDE, CLEAR = "esnn_decide", "esnn_clear"
STEP_COUNTER_BYTES = 4


@dataclass(frozen=True)
class Generated:
    """A generated model: texts by path in its folder, and its memory layout."""

    files: Mapping[str, str]
    layout: Layout


@dataclass(frozen=True)
class Room:
    """Bytes of flash for a model's constants and of RAM for its memory, beyond which it does without what only saves
    instructions."""

    flash_bytes: int
    ram_bytes: int


def generate(model: Model, prefer: str = "flash", room: Room | None = None) -> Generated:
    """The C bundle of a model: m.h, m.c, m_weights.h, the kernels it calls and their headers (under edgesnn/).

    The contract of the generated C is that of `edgesnn.targets.mcu.codegen.layout`. The same model gives the same
    text. `prefer`: "flash", "balance" or "speed", where smaller weights are slower; the latter two within `room` only.
    Raises UnsupportedModelError where the name would collide with the runtime, or a size is beyond the kernels'.
    """
    names.check_model_name(model.name)
    builder = emitted(model, prefer)
    if prefer != "flash" and room is not None and sum(builder.constants.bytes_of.values()) > room.flash_bytes:
        prefer = "flash"
        builder = emitted(model, prefer)
    kept = keep(builder)
    layout = _layout(builder, kept)
    if kept is not None and room is not None and layout.ram_bytes > room.ram_bytes:
        builder, kept = emitted(model, prefer), None
        layout = _layout(builder, None)
    headers = sorted({header_of(kernel) for kernel in layout.kernels})
    files = render(builder, layout, _by_alignment(builder.states), headers, kept)
    files |= front_end_files(model)
    return Generated({**files, **sources(layout.kernels, [*headers, "observe.h"])}, layout)


def emitted(model: Model, prefer: str = "flash") -> Builder:
    """The calls of a model's step, with what they need. Raises UnsupportedModelError."""
    builder = Builder(model, prefer)
    for index, node in enumerate(model.nodes):
        builder.begin(index)
        EMITTERS[type(node.op)](builder, node.op)
        builder.end()
    return builder


def write(model: Model, folder: Path, prefer: str = "flash", room: Room | None = None) -> Generated:
    """Writes the bundle into `folder` (created). Every file is complete or absent. Raises FileError."""
    generated = generate(model, prefer, room)
    write_files(generated.files, folder)
    return generated


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Texts by path, into `folder` (created). Every file is complete or absent. Raises FileError."""
    try:
        for name, text in files.items():
            _replace(Path(folder) / name, text)
    except OSError as error:
        raise FileError(str(folder), f"cannot be written: {error.strerror}", "Choose another folder") from error


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _layout(builder: Builder, kept: Kept | None) -> Layout:
    arena_bytes = arena.plan(builder.buffers)
    offsets, state_bytes = _state_offsets(builder.states)
    nodes = tuple(_node_layout(builder, index, offsets, kept) for index in range(len(builder.model.nodes)))
    others = {DECIDE, CLEAR} | ({RENEW} if kept else set()) | ({builder.decided.kernel} if builder.decided else set())
    kernels = sorted({call.kernel for call in builder.calls} | builder.behind | others)
    control = 0 if builder.model.streaming else STEP_COUNTER_BYTES
    return Layout(builder.model.name, nodes, state_bytes, arena_bytes, control, tuple(kernels))


def _node_layout(builder: Builder, index: int, offsets: Mapping[str, int], kept: Kept | None) -> NodeLayout:
    node = builder.model.nodes[index]
    tensor = builder.tensors.get(node.name)
    states = tuple(
        StateLayout(state.name, offsets[state.member], state.storage)
        for state in builder.states
        if state.node == node.name
    )
    place = "fused" if tensor is None else tensor.place
    buffer = None if tensor is None else tensor.buffer
    offset = buffer.offset if buffer is not None else 0
    if place == "state":
        offset = states[0].offset
    return NodeLayout(
        index=index,
        name=node.name,
        kind=node.op.kind,
        place=place,
        offset=offset,
        output=None if tensor is None else tensor.storage,
        alias=buffer is None or buffer.name != names.tensor(node.name),
        states=states,
        weight_bytes=builder.constants.bytes_of.get(node.name, 0),
        scratch_bytes=builder.scratch.get(node.name, 0),
        weight_form=builder.weight_forms.get(node.name, ""),
        kept=kept is not None and kept.node == node.name,
        synapse_bytes=builder.constants.sizes.get((node.name, "weight"), 0),
    )


def _by_alignment(states: list[State]) -> list[State]:
    """Widest first, so that the struct has no gaps."""
    return sorted(states, key=lambda state: -_alignment(state))


def _alignment(state: State) -> int:
    return {"int32": 4, "int16": 2}.get(state.storage.type, 1)


def _state_offsets(states: list[State]) -> tuple[dict[str, int], int]:
    """Offset of each member of the state struct, and its size: a readout's int32 aligns it to 4."""
    offsets, end = {}, 0
    for state in _by_alignment(states):
        offsets[state.member] = end
        end += state.storage.bytes
    return offsets, arena.aligned(end)
