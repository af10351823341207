"""The generated C of a network that learns: first weights in flash, everything that changes in static RAM."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from edgesnn.errors import UnsupportedModelError
from edgesnn.integer.learning import Layer, Pupil
from edgesnn.integer.learning.learner import Learner
from edgesnn.integer.learning.threshold import LearnedThreshold
from edgesnn.targets.mcu.codegen import names
from edgesnn.targets.mcu.codegen.constants import Constants
from edgesnn.targets.mcu.codegen.render import environment
from edgesnn.targets.mcu.codegen.runtime import sources
from edgesnn.traffic import EVENT_BYTES, RECORD_BYTES

SHARED = (
    "esnn_adapt", "esnn_begin_backward", "esnn_clear", "esnn_cut", "esnn_decide", "esnn_drive", "esnn_keep_inputs",
    "esnn_learn_list", "esnn_learn_next", "esnn_learn_reset", "esnn_learn_start", "esnn_reciprocal", "esnn_scaled",
    "esnn_softmax_errors",
)  # fmt: skip
BY_EVENTS = (
    "esnn_end_steps", "esnn_learn_update", "esnn_onto_events", "esnn_onto_traces", "esnn_onto_weights",
    "esnn_spike_errors",
)  # fmt: skip
TIMED = (*BY_EVENTS, "esnn_slowness", "esnn_sort_output", "esnn_timed")
PARTS = {
    "std-ed": ("esnn_std_ed", "esnn_step_hidden", *TIMED),
    "mpd-ed": ("esnn_mpd_ed", "esnn_step_hidden", "esnn_sum_scores", *BY_EVENTS),
    "stdbp": ("esnn_stdbp", *TIMED),
    "stbp": ("esnn_stbp", "esnn_onto_rows", "esnn_sum_scores"),
}
INT32_MAX = (1 << 31) - 1
LARGEST = (1 << 16) - 1
MOST_TICKS = (1 << 15) - 1
MOST_CLASSES = 511
"""So many products of a 16-bit error and an 8-bit weight add up within 32 bits."""
LARGEST_WEIGHT = 128
STATE_BYTES, LEARNER_BYTES, POINTERS_BYTES = 12, 128, 64
LEARN_STATE_BYTES, STORE_FIELDS_BYTES, FLASH_UNIT = 120, 12, 32
"""esnn_learn_state; what firmware/store writes in front; and ESNN_LOADER_UNIT."""


@dataclass(frozen=True)
class LayerPlan:
    """A layer and the memory that it takes. room: spikes into it that are kept; at: where its weights begin; trailing:
    its potentials are kept step by step; recorded: spikes into it have records."""

    number: int
    layer: Layer
    room: int
    most: int
    at: int
    rises: bool
    trailing: bool
    recorded: bool
    adaptation: LearnedThreshold | None

    @property
    def inputs(self) -> int:
        return int(self.layer.weight.shape[1])

    @property
    def outputs(self) -> int:
        return len(self.layer.weight)

    def ram_bytes(self, ticks: int) -> int:
        each = EVENT_BYTES + (RECORD_BYTES if self.recorded else 0)
        neuron = 4 + 2 + (4 if self.rises else 0) + (4 * ticks if self.trailing else 0)
        return self.room * each + 2 * (ticks + 1) + self.outputs * neuron + STATE_BYTES


def learner_files(pupil: Pupil) -> dict[str, str]:
    """NAME.h, NAME.c, NAME_weights.h and the sources they need, by path in the bundle.

    Raises UnsupportedModelError where a size or a sum is beyond what the runtime's 32 bits hold.
    """
    names.check_model_name(pupil.name)
    check(pupil)
    plans, constants = plans_of(pupil), Constants()
    first = [constants.array(f"layer{plan.number}", "first", plan.layer.weight.T, "int8_t") for plan in plans]
    values: dict[str, Any] = {
        "model": pupil.name,
        "M": names.macro(pupil.name),
        "pupil": pupil,
        "rule": pupil.learning.rule.replace("-", "_"),
        "learning": pupil.learning,
        "unit_bits": pupil.learner().unit_bits,
        "update": "stbp" if pupil.learning.rule == "stbp" else "learn",
        "ramps": int(pupil.learning.rule == "stdbp"),
        "fades": int(pupil.learning.rule == "std-ed"),
        "plans": plans,
        "first": first,
        "constants": constants.items,
        "headers": [],
        "weights": sum(plan.layer.weight.size for plan in plans),
        "widest": max(max(plan.outputs for plan in plans), pupil.inputs),
        "ram_bytes": learner_ram_bytes(pupil),
        "checksum": checksum(pupil),
    }
    templates = {"learner.h.j2": ".h", "learner.c.j2": ".c", "weights.h.j2": "_weights.h"}
    printed = {
        pupil.name + ending: environment().get_template(template).render(values)
        for template, ending in templates.items()
    }
    return {**printed, **sources((*SHARED, *PARTS[pupil.learning.rule]), ["learn.h", "readout.h", "observe.h"])}


def checksum(pupil: Pupil) -> int:
    """CRC-32 of sizes, constants and first weights: what another network has learned is not this one's."""
    said = repr((pupil.ticks, pupil.learning)).encode()
    for layer in pupil.layers:
        said += repr((layer.weight.shape, layer.threshold, layer.state_bits)).encode() + layer.weight.tobytes()
    return zlib.crc32(said)


def plans_of(pupil: Pupil) -> tuple[LayerPlan, ...]:
    """Every layer's memory. A neuron of stdbp fires once at most; of the others, at every step."""
    learning, learner = pupil.learning, pupil.learner()
    ramps, at, plans = learning.rule == "stdbp", 0, []
    for number, layer in enumerate(pupil.layers, 1):
        outputs, inputs = layer.weight.shape
        most = min(learning.input_events if number == 1 else learning.events, LARGEST)
        room = inputs if ramps else min(most, inputs * pupil.ticks)
        last = number == len(pupil.layers)
        rises = ramps or (last and learning.rule == "std-ed")
        stepped = learning.rule == "stbp"
        adaptation = None if last else learner.thresholds[number - 1]
        trailing, recorded = stepped and not last, number > 1 and not stepped
        plans.append(LayerPlan(number, layer, room, most, at, rises, trailing, recorded, adaptation))
        at += outputs * inputs
    return tuple(plans)


def learner_ram_bytes(pupil: Pupil) -> int:
    """RAM of everything that learning keeps, an upper bound."""
    plans = plans_of(pupil)
    weights = sum(plan.layer.weight.size for plan in plans) * (1 if pupil.learning.stochastic else 3)
    widest = max(max(plan.outputs for plan in plans), pupil.inputs)
    lists = widest * (2 * 2 + 4 + 2 * 2)
    output = pupil.classes * (EVENT_BYTES + RECORD_BYTES + 4)
    layers = sum(plan.ram_bytes(pupil.ticks) for plan in plans)
    return weights + lists + output + layers + LEARNER_BYTES + POINTERS_BYTES


def stored_bytes(pupil: Pupil) -> int:
    """Flash that what was learned takes, in whole units, besides the header of its slot."""
    weights = sum(layer.weight.size for layer in pupil.layers) * (1 if pupil.learning.stochastic else 3)
    parts = weights + len(pupil.layers) * STATE_BYTES + LEARN_STATE_BYTES
    return -(-(STORE_FIELDS_BYTES + parts) // FLASH_UNIT) * FLASH_UNIT


def check(pupil: Pupil) -> None:
    """Raises UnsupportedModelError for the first of `problems`."""
    for problem, remedy in problems(pupil, pupil.learner()):
        raise UnsupportedModelError(pupil.name, problem, remedy)


def problems(pupil: Pupil, learner: Learner) -> Iterator[tuple[str, str]]:
    """What does not fit 32-bit sums and 16-bit counts: (problem, remedy)."""
    ramps = pupil.learning.rule == "stdbp"
    if pupil.classes > MOST_CLASSES:
        yield f"{pupil.classes} classes; errors add up within 32 bits for {MOST_CLASSES}", "Use fewer"
    if pupil.learning.rule == "stbp" and max(len(layer.weight) for layer in pupil.layers) > MOST_CLASSES:
        yield f"a layer has more than {MOST_CLASSES} neurons, whose errors by stbp add up beyond 32 bits", "Use fewer"
    if pupil.ticks > MOST_TICKS:
        yield f"{pupil.ticks} time steps; the runtime counts to {MOST_TICKS}", "Use fewer"
    for number, layer in enumerate(pupil.layers, 1):
        outputs, inputs = layer.weight.shape
        if max(outputs, inputs) > LARGEST or (not ramps and learner.places(layer) > LARGEST):
            yield f"layer {number} has {outputs} neurons; their spikes are counted to {LARGEST}", "Use fewer, or steps"
        spikes = inputs if ramps else inputs * pupil.ticks
        if spikes > LARGEST and pupil.learning.input_events > LARGEST:
            yield f"layer {number} may get {spikes} spikes; they are counted to {LARGEST}", "Lower input_events"
        sums = LARGEST_WEIGHT * inputs * pupil.ticks
        if sums + max(layer.limit if not ramps else 0, layer.threshold) > INT32_MAX:
            yield f"potentials of layer {number} may leave 32 bits", "Use fewer inputs, steps or state bits"
