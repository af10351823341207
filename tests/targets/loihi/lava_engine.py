"""Runs in the environment of lava-nc: a rule in Lava's own LearningDense, paused after every time step.

python lava_engine.py RUNNER_FOLDER CASES.npz RESULT.npz
"""

import json
import sys

import numpy as np

sys.path[0] = sys.argv[1]  # beside this file there is another lava.py

from lava_network.compatibility import hashable_lava_dataclasses  # noqa: E402

with hashable_lava_dataclasses():
    from lava.magma.core.learning.learning_rule import Loihi3FLearningRule
    from lava.magma.core.run_conditions import RunSteps
    from lava.magma.core.run_configs import Loihi2SimCfg
    from lava.proc.dense.process import LearningDense
    from lava.proc.io.source import RingBuffer
    from lava.utils.weightutils import SignMode


def watch(weight, arguments, spikes, factors):
    """weight, tag and x1 after each time step of spikes (steps, inputs) and factors (steps, 3, outputs)."""
    synapses = LearningDense(
        weights=weight.astype(np.int32), learning_rule=Loihi3FLearningRule(**arguments), sign_mode=SignMode.MIXED
    )
    sources = [RingBuffer(data=spikes.T.astype(np.int32)), *(
        RingBuffer(data=factors[:, k].T.astype(np.int32)) for k in range(3)
    )]  # fmt: skip
    behind = RingBuffer(data=np.zeros((len(weight), len(spikes)), np.int32))
    ports = (synapses.s_in, synapses.s_in_y1, synapses.s_in_y2, synapses.s_in_y3)
    for source, port in zip(sources, ports, strict=True):
        source.s_out.connect(port)
    behind.s_out.connect(synapses.s_in_bap)
    seen = []
    for _ in range(len(spikes)):
        synapses.run(condition=RunSteps(num_steps=1), run_cfg=Loihi2SimCfg(select_tag="fixed_pt"))
        seen.append([np.array(var.get()) for var in (synapses.weights, synapses.tag_1, synapses.x1)])
    synapses.stop()
    return [np.stack(parts) for parts in zip(*seen, strict=True)]


cases = np.load(sys.argv[2])
found = {}
for number, text in enumerate(cases["rules"]):
    parts = watch(cases["weight"], json.loads(str(text)), cases["spikes"], cases["factors"])
    for name, part in zip(("weight", "tag", "x1"), parts, strict=True):
        found[f"{number}.{name}"] = part.astype(np.int64)
np.savez(sys.argv[3], **found)
