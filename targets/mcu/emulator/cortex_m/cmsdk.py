"""APB UART and APB timer of the CMSDK: Arm Cortex-M System Design Kit Technical Reference Manual (DDI 0479)."""

from __future__ import annotations

import select
import socket
from typing import Protocol

CHUNK = 4096

DATA, STATE = 0x0, 0x4
RX_FULL = 2  # of STATE; there is always room to send

CONTROL, VALUE, RELOAD = 0x0, 0x4, 0x8
TICK_NS, INSTRUCTION_NS = 40, 64
WORD = 0xFFFF_FFFF


class ConnectionEnded(Exception):  # noqa: N818 (no error: whoever was connected has finished)
    """The UART's other end has been closed."""


class Device(Protocol):
    """Registers by their offset."""

    def read(self, offset: int) -> int: ...

    def write(self, offset: int, value: int) -> None: ...


class Uart:
    """At the other end is a socket. The baud rate, and what is turned on, mean nothing here."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received, self._sending = bytearray(), bytearray()

    def read(self, offset: int) -> int:
        if offset == STATE:
            if not self._received:
                self._take(0)
            return RX_FULL if self._received else 0
        if offset == DATA and self._received:
            return self._received.pop(0)
        return 0

    def write(self, offset: int, value: int) -> None:
        if offset == DATA:
            self._sending.append(value & 0xFF)
            if len(self._sending) == CHUNK:
                self._flush()

    def wait(self) -> None:
        """Until a byte waits, which is when the UART's interrupt would wake the processor."""
        self._flush()
        if not self._received:
            self._take(None)

    def _take(self, seconds: float | None) -> None:
        if select.select([self._connection], [], [], seconds)[0]:
            received = self._connection.recv(CHUNK)
            if not received:
                raise ConnectionEnded
            self._received += received

    def _flush(self) -> None:
        self._connection.sendall(self._sending)
        self._sending.clear()


class Counter(Protocol):
    """Instructions carried out before the one that reads or writes a register."""

    @property
    def instructions(self) -> int: ...


class Timer:
    """Counts down a tick in 40 ns and shows a value until its tick is over; an instruction takes 64 ns."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._reload, self._start = WORD, 0

    def read(self, offset: int) -> int:
        if offset != VALUE:
            return 0
        nanoseconds = INSTRUCTION_NS * (self._counter.instructions - self._start)
        return (self._reload - max(nanoseconds - 1, 0) // TICK_NS) & WORD

    def write(self, offset: int, value: int) -> None:
        if offset == RELOAD:
            self._reload = value
        elif offset == CONTROL:
            self._start = self._counter.instructions
