"""Generated C says when a sample is decided: in the step in which the interpreter does, where a first spike decides."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from edgesnn.integer import Model, run
from edgesnn.integer.early import steps_to_decide
from edgesnn.integer.ops import Dense, FirstSpike, Input, Membrane, RelPsp
from edgesnn.targets.mcu.codegen import generate, write
from tests.targets.mcu.chain import chain
from tests.targets.mcu.harness import SANITIZED, compile_c, random_input

TICKS = 24
MAIN = """
#include <stdio.h>
#include "early.h"

int main(void)
{
    int8_t input[EARLY_TIME_STEPS * EARLY_INPUT_SIZE];
    int32_t output[EARLY_OUTPUT_SIZE];
    int steps;

    while (fread(input, sizeof(input), 1, stdin) == 1) {
        early_reset();
        for (steps = 0; steps < EARLY_TIME_STEPS && !early_decided(); steps++) {
            early_step(input + steps * EARLY_INPUT_SIZE, output);
        }
        printf("%d %d\\n", steps, early_decide());
    }
    return 0;
}
"""


def model(horizon: int) -> Model:
    """20-40-9, both layers early, late or never."""
    rng = np.random.default_rng(0)
    layers = [Dense(rng.integers(-90, 128, (40, 20))), RelPsp(300), Dense(rng.integers(-90, 128, (9, 40))), RelPsp(900)]
    return chain("early", Input((20,), 0, 1), *layers, FirstSpike(horizon), time_steps=TICKS)


def test_a_program_that_stops_decides_the_same(tmp_path: Path) -> None:
    for horizon in (TICKS, 8):
        early = model(horizon)
        folder = tmp_path / str(horizon)
        write(early, folder)
        (folder / "main.c").write_text(MAIN, encoding="ascii")
        compile_c("gcc", [*SANITIZED, "-iquote", folder, *folder.glob("*.c"), "-o", "early"], folder)
        x = random_input(early, 40, density=0.05)
        x[:3] = 0
        done = subprocess.run([folder / "early"], input=x.astype(np.int8).tobytes(), capture_output=True, timeout=60)
        found = np.array([line.split() for line in done.stdout.decode().splitlines()]).astype(int)
        steps = steps_to_decide(early, x)
        assert found[:, 0].tolist() == steps.tolist()
        assert found[:, 1].tolist() == run(early, x).decisions.tolist()
        assert steps[0] == horizon and steps.min() < horizon


def test_models_with_another_readout_have_no_such_function() -> None:
    plain = chain("plain", Input((20,), 0, 1), Dense(np.ones((3, 20), int)), Membrane(), time_steps=TICKS)
    assert not [name for name, text in generate(plain).files.items() if "plain_decided" in text]
    assert "esnn_decided.c" in generate(model(TICKS)).files
