"""What may go wrong between a host and a bootloader, drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass
class Faults:
    """Rates are probabilities: of a byte that is lost, doubled or changed on its way, of a NACK where ACK is due, of an
    answer that is never given, of a programmed word that does not take."""

    seed: int = 0
    to_device: float = 0
    to_host: float = 0
    refused: float = 0
    silent: float = 0
    not_taken: float = 0
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def device_hears(self, data: bytes) -> bytes:
        return self._over_the_line("to device", data, self.to_device)

    def host_hears(self, data: bytes) -> bytes:
        if data and self._happens("silent", self.silent):
            return b""
        return self._over_the_line("to host", data, self.to_host)

    def refuses(self) -> bool:
        return self._happens("refused", self.refused)

    def takes(self) -> bool:
        return not self._happens("not taken", self.not_taken)

    def _over_the_line(self, way: str, data: bytes, rate: float) -> bytes:
        if not rate:
            return data
        heard = bytearray()
        for byte in data:
            if not self._happens(way, rate):
                heard.append(byte)
                continue
            kind = self._random.randrange(3)
            heard += (b"", bytes([byte, byte]), bytes([byte ^ (1 << self._random.randrange(8))]))[kind]
        return bytes(heard)

    def _happens(self, what: str, rate: float) -> bool:
        happens = bool(rate) and self._random.random() < rate
        if happens:
            self.seen[what] = self.seen.get(what, 0) + 1
        return happens


def drawn(seed: int) -> Faults:
    """Some of the faults, at rates from hardly ever to several in each attempt."""
    choose = random.Random(seed)

    def rate(highest: float) -> float:
        return choose.choice([0, 0.1, 0.3, 1]) * highest

    return Faults(seed, rate(2e-3), rate(2e-3), rate(1e-2), rate(1e-2), rate(1e-3))
