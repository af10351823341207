"""The Optuna study behind a search: what was asked and answered, in a storage that outlives the process."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, IntDistribution
from optuna.storages import BaseStorage, JournalStorage, get_storage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, Trial, TrialState, create_trial

from edgesnn.errors import ConfigError
from edgesnn.fit.bounds import Bounds
from edgesnn.fit.measured import Measured, read
from edgesnn.fit.promise import promising
from edgesnn.fit.space import Configuration, Space
from edgesnn.records import to_json

JOURNAL = "search.journal"
MEASURED, REMEMBERED, WORKER, QUEUED, EXCESS = "measured", "remembered", "worker", "queued", "excess"
STARTUP_TRIALS = 6
PROPOSALS = 10
"""How often the sampler may propose what is known already, before an unknown point is drawn instead."""


class Study:
    """Configurations proposed and measured. Several processes and machines may share one through its storage.

    Args:
        name: of the question; the same name goes on where it stopped.
        storage: a URL that Optuna knows, or a journal file.
    """

    def __init__(self, name: str, space: Space, bounds: Bounds, storage: str | Path, seed: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.space, self.bounds = space, bounds
        self.random = random.Random(seed)
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=STARTUP_TRIALS)
        try:
            kept = storage_of(storage)
            self.study = optuna.create_study(
                storage=kept, sampler=sampler, study_name=name, direction="maximize", load_if_exists=True
            )
        except Exception as error:  # every storage fails in its own way
            problem = f"cannot be used ({type(error).__name__}: {str(error)[:160]})"
            raise ConfigError(f"storage {storage}", problem, "Give a journal file or a URL that Optuna knows") from None
        self._forget_the_dead()
        for first in (space.present, space.smallest):
            self._enqueue(self._parameters(first), once=True)

    def known(self) -> list[Measured]:
        """Every configuration measured so far, once each, in order."""
        return self._measured(self.study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)))

    def own(self) -> list[Measured]:
        """Those that this question had measured, without those it remembers of others."""
        trials = self.study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        return self._measured([trial for trial in trials if not trial.user_attrs.get(REMEMBERED)])

    def _measured(self, trials: Sequence[FrozenTrial]) -> list[Measured]:
        found: dict[tuple[tuple[str, int], ...], Measured] = {}
        for trial in trials:
            measured = read(trial.user_attrs.get(MEASURED), f"study {self.study.study_name}")
            found.setdefault(measured.configuration, measured)
        return list(found.values())

    def remember(self, measured: Sequence[Measured]) -> None:
        """Adds what an earlier question had measured and this one would measure the same."""
        taken = self._taken()
        for item in measured:
            if self._key(item.point) not in taken:
                value, over = self._judgement(item)
                trial = create_trial(
                    value=value, params=self._parameters(item.point), distributions=self._distributions(),
                    user_attrs={MEASURED: to_json(item), REMEMBERED: True}, constraints={EXCESS: over},
                )  # fmt: skip
                self.study.add_trial(trial)

    def ask(self) -> tuple[Trial, Configuration] | None:
        """A configuration that nobody measures or has measured, a promising one as long as there is any; None where
        there is none left. The sampler proposes; after some proposals in vain one is drawn."""
        while True:
            taken = self._taken()
            left = [point for point in self.space.points() if self._key(point) not in taken]
            wanted = promising(left, self.known(), self.bounds) or left
            if not wanted:
                return None
            asked = self._proposed(wanted) or self._drawn(wanted)
            if asked is not None:
                return asked

    def _proposed(self, wanted: list[Configuration]) -> tuple[Trial, Configuration] | None:
        keys = {self._key(point) for point in wanted}
        for _ in range(PROPOSALS):
            trial = self.study.ask(self._distributions())
            configuration = self._configuration(trial.params)
            queued = bool(trial.user_attrs.get(QUEUED))
            if (queued or self._key(configuration) in keys) and self._claim(trial, configuration):
                return trial, configuration
            self.study.tell(trial, state=TrialState.PRUNED)
        return None

    def _drawn(self, wanted: list[Configuration]) -> tuple[Trial, Configuration] | None:
        self._enqueue(self._parameters(self.random.choice(wanted)))
        trial = self.study.ask(self._distributions())
        configuration = self._configuration(trial.params)
        if self._claim(trial, configuration):
            return trial, configuration
        self.study.tell(trial, state=TrialState.PRUNED)  # somebody else was quicker
        return None

    def _claim(self, trial: Trial, configuration: Configuration) -> bool:
        """Whether this trial is the only one of its configuration; then it is marked as this process's."""
        if self._key(configuration) in self._taken(besides=trial.number):
            return False
        trial.set_user_attr(WORKER, f"{socket.gethostname()}:{os.getpid()}")
        return True

    def tell(self, trial: Trial, measured: Measured) -> None:
        """Stores what was measured."""
        value, over = self._judgement(measured)
        trial.set_user_attr(MEASURED, to_json(measured))
        trial.set_constraint(EXCESS, over)
        self.study.tell(trial, value)

    def _judgement(self, measured: Measured) -> tuple[float, float]:
        """(objective, constraint) for the sampler. Where a configuration was not trained it is told how much too large
        it is, and no accuracy that could be mistaken for one."""
        over = 1.0 if measured.refused else max(measured.excess(self.bounds), 0.0)
        return (measured.accuracy if measured.accuracy is not None else -over), over

    def give_up(self, trial: Trial) -> None:
        """The trial could not be carried out."""
        self.study.tell(trial, state=TrialState.FAIL)

    def _enqueue(self, parameters: dict[str, Any], once: bool = False) -> None:
        """To be asked before what the sampler thinks of; `once`: unless it was ever asked."""
        self.study.enqueue_trial(parameters, user_attrs={QUEUED: True}, skip_if_exists=once)

    def _taken(self, besides: int = -1) -> set[tuple[int, ...]]:
        states = (TrialState.COMPLETE, TrialState.RUNNING)
        trials = self.study.get_trials(deepcopy=False, states=states)
        return {
            self._key(self._configuration(trial.params))
            for trial in trials
            if trial.number != besides and set(trial.params) == set(self.space.choices)
        }

    def _forget_the_dead(self) -> None:
        """Trials that a killed process of this machine left behind are free to be asked again."""
        for trial in self.study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
            host, _, process = str(trial.user_attrs.get(WORKER, "")).partition(":")
            if host == socket.gethostname() and process.isdigit() and not alive(int(process)):
                self.study.tell(trial.number, state=TrialState.FAIL)
                if set(trial.params) == set(self.space.choices):
                    self._enqueue(dict(trial.params))

    def _distributions(self) -> dict[str, BaseDistribution]:
        return {axis: IntDistribution(0, len(values) - 1) for axis, values in self.space.choices.items()}

    def _parameters(self, point: Configuration) -> dict[str, Any]:
        """A value's place among the choices: they are ordered, and the sampler knows it so."""
        return {axis: self.space.choices[axis].index(point[axis]) for axis in self.space.choices}

    def _configuration(self, parameters: Mapping[str, Any]) -> Configuration:
        return {axis: values[parameters[axis]] for axis, values in self.space.choices.items()}

    def _key(self, point: Configuration) -> tuple[int, ...]:
        return tuple(point[axis] for axis in self.space.choices)


def alive(process: int) -> bool:
    """Whether this machine runs a process of that number."""
    try:
        os.kill(process, 0)  # signal 0 only asks
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def storage_of(storage: str | Path) -> BaseStorage:
    """A journal file unless it is a URL."""
    if "://" in str(storage):
        return get_storage(str(storage))
    Path(storage).parent.mkdir(parents=True, exist_ok=True)
    return JournalStorage(JournalFileBackend(str(storage)))
