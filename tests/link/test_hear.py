"""Raw samples over the link: through the front end, a time step for each that they complete."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from edgesnn.errors import LinkError
from edgesnn.link import Device, Mode, Status, Verb
from tests.link.conftest import serving
from tests.link.firmware import build_stub
from tests.link.test_device import ask

SAMPLES = np.random.default_rng(5).integers(-32768, 32768, 100)


@pytest.fixture
def deaf_device(tmp_path: Path) -> Iterator[Device]:
    """A model without a front end."""
    with serving(build_stub(tmp_path / "deaf", "-DSTUB_IS_DEAF")) as served:
        yield served.device()


def expected_state() -> bytes:
    """33 whole steps of three samples and one of a single sample, added up; C divides toward zero."""
    inputs = np.resize(np.trunc(SAMPLES / 400).astype(int), (34, 3))
    inputs[33, 1:] = 0
    state = np.zeros(300, "<i4")
    state[:3] = inputs.sum(axis=0)
    return state.tobytes()


@pytest.mark.parametrize("chunk", [1, 2, 3, 50, 100])
def test_chunks_of_any_length(device: Device, chunk: int) -> None:
    device.reset()
    for start in range(0, 100, chunk):
        heard = device.hear(SAMPLES[start : start + chunk], Mode.DIGEST)
        assert heard.steps == min(start + chunk, 100) // 3
    heard = device.hear_end(Mode.DIGEST)
    assert (heard.steps, heard.count, heard.result.output[1]) == (34, 0, -34)
    assert device.state() == expected_state()
    digest = heard.result.digest
    device.reset()
    for start in range(0, 100, 25):
        device.hear(SAMPLES[start : start + 25], Mode.DIGEST)
    assert device.hear_end(Mode.DIGEST).result.digest == digest != 0


def test_reset_forgets_what_was_heard(pty_device: Device) -> None:
    pty_device.hear(SAMPLES[:2])
    pty_device.reset()
    assert pty_device.hear_end().steps == 0
    assert pty_device.hear(np.zeros(0, int)).steps == 0


def test_samples_are_signed_and_little_endian(pty_device: Device) -> None:
    pty_device.reset()
    heard = pty_device.hear(np.array([-32768, 32767, 400]))
    assert heard.result.output.tolist() == [-81 + 81 + 1, -1]


def test_the_longest_chunk_fits_and_a_longer_one_is_garbled(pty_device: Device) -> None:
    longest = pty_device.longest_chunk
    assert longest == (pty_device.identity.body_bytes - 1) // 2
    pty_device.reset()
    assert pty_device.hear(np.ones(longest, int)).steps == longest // 3
    with pytest.raises(LinkError, match=r"no answer|garbage"):
        pty_device.timeout_s = pty_device.run_timeout_s = 0.3
        pty_device.hear(np.ones(longest + 4, int))


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        (Verb.HEAR, b"", Status.BAD_LENGTH),
        (Verb.HEAR, b"\0\1", Status.BAD_LENGTH),
        (Verb.HEAR, b"\4\0\0", Status.BAD_RANGE),
        (Verb.HEAR, b"\10\0\0", Status.BAD_RANGE),
        (Verb.HEAR_END, b"", Status.BAD_LENGTH),
        (Verb.HEAR_END, b"\0\0", Status.BAD_LENGTH),
        (Verb.HEAR_END, b"\4", Status.BAD_RANGE),
    ],
)
def test_nonsense_is_refused(pty_device: Device, verb: Verb, body: bytes, status: Status) -> None:
    assert ask(pty_device, verb, body) == (status, b"")


def test_a_model_without_a_front_end(deaf_device: Device) -> None:
    with pytest.raises(LinkError, match="hear: the device cannot tell, or its model has no front end"):
        deaf_device.hear(SAMPLES[:3])
    assert ask(deaf_device, Verb.HEAR_END, b"\0") == (Status.UNSUPPORTED, b"")
    deaf_device.reset()
