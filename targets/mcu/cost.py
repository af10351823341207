"""What a build costs: memory from its ELF file, stack from its call graph, instructions or cycles from the board.

On an emulated board cycles are modelled besides.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from edgesnn.errors import FileError, ToolError
from edgesnn.integer import Array
from edgesnn.integer.early import steps_to_decide
from edgesnn.link import Counter
from edgesnn.target import Cost, Cycles, LayerCost
from edgesnn.targets.mcu import counting, memory_map
from edgesnn.targets.mcu.codegen import Layout, orders
from edgesnn.targets.mcu.cycles import Modelled, tables
from edgesnn.targets.mcu.cycles.sequence import TYPICAL
from edgesnn.targets.mcu.memory_map import MemoryMap
from edgesnn.targets.mcu.session import McuSession

ModelCycles = Callable[[Array], Modelled]


@dataclass(frozen=True)
class StaticCost:
    """What is known without running. None where the compiler and operating system of this computer decide.

    prefer: what the model was generated for.
    """

    layout: Layout
    file_bytes: int
    memory: MemoryMap | None
    stack_bytes: int | None
    exception_bytes: int = 0
    prefer: str = "flash"


def measure(
    static: StaticCost, model_cycles: ModelCycles | None, session: McuSession, x: Array, with_cycles: bool = True
) -> Cost:
    """The whole cost: samples (samples, T, *input shape) are run twice, as they are and counted node by node.

    model_cycles: where the board is emulated, runs them once more to model the cycles that a processor would take,
        unless they are not wanted.
    """
    layers = {node.name: _layer(static, session, node.name) for node in static.layout.nodes}
    samples: tuple[int, ...] = ()
    instructions, notes = None, (*_memory_notes(static), *_weight_notes(static))
    notes += _order_notes(static, session)
    if session.device.identity.counter is Counter.CYCLES:
        notes += _cycle_notes(static, counting.totals(session, x), counting.by_node(session, x))
    if session.device.identity.counter is Counter.INSTRUCTIONS:
        totals, nodes = counting.totals(session, x), counting.by_node(session, x)
        instructions, samples = float(totals.mean()), tuple(int(n) for n in totals)
        layers = {
            name: dataclasses.replace(layer, instructions=float(nodes[:, i].mean()))
            for i, (name, layer) in enumerate(layers.items())
        }
        notes += _instruction_notes(totals, nodes) + _early_notes(session, x)
    cycles = None
    if model_cycles is not None and with_cycles:
        cycles, layers, said = _modelled(model_cycles, layers, x)
        notes += said
    stack = session.device.stack()
    memory = static.memory
    return Cost(
        flash_bytes=memory.flash_bytes if memory else None,
        ram_bytes=memory.ram_bytes if memory else None,
        stack_bytes=static.stack_bytes,
        stack_used_bytes=stack.used if stack else None,
        instructions=instructions,
        cycles=cycles,
        file_bytes=static.file_bytes,
        layers=layers,
        memory_map=memory.rows if memory else (),
        notes=notes,
        sample_instructions=samples,
    )


def _layer(static: StaticCost, session: McuSession, name: str) -> LayerCost:
    node = static.layout.by_name[name]
    return LayerCost(
        name=name,
        kind=node.kind,
        shape=session.model.signal(name).shape,
        weight_bytes=static.memory.weights[name] if static.memory else node.weight_bytes,
        state_bytes=node.state_bytes,
        arena_bytes=node.output_bytes,
    )


def _modelled(
    model_cycles: ModelCycles, layers: dict[str, LayerCost], x: Array
) -> tuple[Cycles | None, dict[str, LayerCost], tuple[str, ...]]:
    """(cycles, the layers with theirs, notes); without them where they cannot be modelled here."""
    try:
        found = model_cycles(x)
    except (ToolError, FileError) as error:  # no plugin, or nowhere to keep it
        return None, layers, (f"cycles are not modelled: {error}",)
    of_layer = {name: float(executed.cycles[TYPICAL]) for name, executed in found.layers.items()}
    timed = {name: dataclasses.replace(layer, cycles=of_layer.get(name, 0.0)) for name, layer in layers.items()}
    return found.cycles, timed, _model_notes(found)


def _model_notes(found: Modelled) -> tuple[str, ...]:
    timings = tables()[found.cycles.core]
    return (
        f"cycles are modelled, not measured: {timings.title}; left out: {timings.excludes}",
        f"timings: {timings.source}",
    )


def _instruction_notes(totals: Array, nodes: Array) -> tuple[str, ...]:
    rest = float((totals - nodes.sum(axis=1)).mean())
    return (
        "instructions are counted without the serial link and without counting itself",
        f"{rest:,.0f} of them belong to no layer (entering a step, copying its output)",
    )


def _early_notes(session: McuSession, x: Array) -> tuple[str, ...]:
    """What is left where a program stops as soon as the decision is final."""
    steps = steps_to_decide(session.model, x)
    if (steps == x.shape[1]).all():
        return ()
    early = counting.totals(session, [sample[:n] for sample, n in zip(x, steps, strict=True)])
    return (
        f"decided after {steps.mean():,.1f} of {x.shape[1]} steps, in {early.mean():,.0f} instructions: a program that "
        f"asks {session.model.name}_decided() after each step can stop there",
    )


def _cycle_notes(static: StaticCost, totals: Array, nodes: Array) -> tuple[str, ...]:
    each = ", ".join(f"{node.name} {nodes[:, i].mean():,.0f}" for i, node in enumerate(static.layout.nodes))
    return (
        f"cycles per inference, measured by the device: {totals.min():,} to {totals.max():,} over {len(totals)} "
        "samples, serial link excluded, what counting costs about subtracted",
        f"cycles by layer: {each}",
    )


def _order_notes(static: StaticCost, session: McuSession) -> tuple[str, ...]:
    in_either_order = orders(session.model, static.prefer)
    if in_either_order is None:
        return ()
    kept = any(node.kept for node in static.layout.nodes)
    return (f"{in_either_order}{'; what is kept of the first layer is left aside' if kept else ''}",)


def _weight_notes(static: StaticCost) -> tuple[str, ...]:
    """How weights are stored, layers of one form together; and which layer is not computed at every step."""
    by_form: dict[str, list[str]] = {}
    for node in static.layout.nodes:
        if node.weight_form:
            by_form.setdefault(node.weight_form, []).append(node.name)
    shown = "; ".join(f"{form}: {', '.join(layers)}" for form, layers in by_form.items())
    once = [node.name for node in static.layout.nodes if node.kept]
    kept = tuple(f"{name} is computed once, as long as the input stays the same from step to step" for name in once)
    return (f"weights are stored in {shown}", *kept) if shown else ()


def _memory_notes(static: StaticCost) -> tuple[str, ...]:
    if static.memory is None:
        return ("flash, RAM and stack are the operating system's on this computer; layer sizes are the layout's",)
    memory = static.memory
    model = memory.total("flash", memory_map.WEIGHTS, memory_map.MODEL_CODE, memory_map.KERNELS)
    ram = memory.total("ram", memory_map.STATE, memory_map.ARENA, memory_map.MODEL_CODE, memory_map.KERNELS)
    ears, ears_ram = (memory.total(kind, memory_map.FRONT_END) for kind in ("flash", "ram"))
    other, other_ram = memory.flash_bytes - model - ears, memory.ram_bytes - ram - ears_ram
    heard = (f"the front end takes {ears:,} bytes of flash and {ears_ram:,} of RAM besides",) if ears else ()
    return (
        f"of the flash, {model:,} bytes are the model and its kernels, {other:,} the serial link, the board's port and "
        "alignment",
        f"of the RAM, {ram:,} bytes are the model, {other_ram:,} the serial link, the stack and alignment",
        *heard,
        f"the worst-case stack is the whole call graph, serial link included, and {static.exception_bytes} bytes "
        "of an exception",
    )
