"""Which orders of stages make sense. All rules are checked before any work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from torch import nn

from edgesnn.compression.stages import Alphabet, Calibrate, Distil, Export, Stage, State, Steps, Train, Weights
from edgesnn.errors import ConfigError, EdgesnnError
from edgesnn.lower import lower
from edgesnn.structure.copying import copied

Problem = tuple[int, str, str]
"""Position of the stage that is wrong, what is wrong, what to do."""
Rule = Callable[[Sequence[Stage], nn.Module], Iterator[Problem]]


def check_order(stages: Sequence[Stage], network: nn.Module) -> None:
    """Raises ConfigError with the first stage that makes no sense where it stands, and the reason."""
    problems = [problem for rule in RULES for problem in rule(stages, network)]
    if problems:
        position, problem, remedy = min(problems)
        raise ConfigError(f"stage {position + 1} ({stages[position]})", problem, remedy)


def nothing_follows_export(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    exported = [position for position, stage in enumerate(stages) if isinstance(stage, Export)]
    if exported and exported[0] + 1 < len(stages):
        yield exported[0] + 1, "comes after the weights have become integers for good", "Put it before export"


def no_layer_is_quantised_twice(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    """Unless it is trained in between: going down step by step is a method of its own."""
    seen: dict[tuple[type[Stage], str], int] = {}
    for position, stage in enumerate(stages):
        if isinstance(stage, Train):
            seen.clear()
        for path in sorted(stage.quantises(network)):
            earlier = seen.setdefault((type(stage), path), position)
            if earlier != position:
                yield position, f"quantises {path} again, which stage {earlier + 1} did", "Train between, or drop one"
                return


def a_teacher_has_a_pupil(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    waiting: int | None = None
    for position, stage in enumerate(stages):
        if isinstance(stage, Distil):
            if waiting is not None:
                yield (
                    position,
                    f"replaces the teacher of stage {waiting + 1} before anything was learnt",
                    "Train between",
                )
            waiting = position
        elif isinstance(stage, Train):
            waiting = None
    if waiting is not None:
        yield waiting, "is followed by no training, so nobody learns from the teacher", "Add a train stage behind it"


def scales_come_from_somewhere(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    for position, stage in enumerate(stages):
        if isinstance(stage, State) and not follows(stages, position, Train, Calibrate):
            problem = "is followed by neither calibration nor training, so the scale of the states is not known"
            yield position, problem, "Add a calibrate or train stage behind it"


def another_alphabet_is_learnt(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    earlier: int | None = None
    for position, stage in enumerate(stages):
        if isinstance(stage, State):
            earlier = position
        if isinstance(stage, Alphabet):
            if earlier is not None:
                problem = f"replaces the neurons that stage {earlier + 1} made"
                yield position, problem, "Put alphabet first, and give it state_bits"
            if not follows(stages, position, Train):
                yield position, "is followed by no training: other spikes need other weights", "Add a train stage"
            earlier = position


def figures_are_of_the_final_network(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    """State scales depend on what a sample's time steps are."""
    measured: int | None = None
    for position, stage in enumerate(stages):
        if isinstance(stage, Calibrate):
            measured = position
        elif isinstance(stage, Steps) and measured is not None and not follows(stages, position, Train, Calibrate):
            problem = f"changes the time steps for which stage {measured + 1} measured the network"
            yield position, problem, "Put steps before calibrate, or train behind it"


def training_has_a_unit(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    for position, stage in enumerate(stages):
        if isinstance(stage, Train) and not hasattr(network, "unit"):
            problem = f"cannot scale the loss: {type(network).__name__} has no attribute `unit`"
            yield position, problem, "Give it the integer score that stands for 1.0"


def stages_find_their_layers(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    for position, stage in enumerate(stages):
        if isinstance(stage, (Weights, State)) and not stage.quantises(network):
            yield position, "names no layer of this network", f"Name others than {' '.join(stage.layers)}"


def every_change_suits_the_network(stages: Sequence[Stage], network: nn.Module) -> Iterator[Problem]:
    """All changes of structure are made on a copy, in order, up to the first that cannot be made or computed."""
    rehearsed = copied(network)
    for position, stage in enumerate(stages):
        try:
            stage.rehearse(rehearsed)
            if isinstance(stage, Alphabet):  # not every layer takes other spikes
                lower(rehearsed, "rehearsed")
        except EdgesnnError as error:
            yield position, f"does not suit this network: {error.where}: {error.problem}", error.remedy
            return


def follows(stages: Sequence[Stage], position: int, *kinds: type[Stage]) -> bool:
    """Whether a stage of one of these kinds comes later."""
    return any(isinstance(stage, kinds) for stage in stages[position + 1 :])


RULES: tuple[Rule, ...] = (
    nothing_follows_export, no_layer_is_quantised_twice, a_teacher_has_a_pupil, scales_come_from_somewhere,
    another_alphabet_is_learnt, figures_are_of_the_final_network, training_has_a_unit, stages_find_their_layers,
    every_change_suits_the_network,
)  # fmt: skip
