"""Runs a program and serves its UART at a TCP port of this computer, whose number is printed, to one who connects."""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from .cmsdk import ConnectionEnded, Timer, Uart
from .counting import Counter
from .machine import PROCESSORS, Machine, StoppedError

CONNECTED_S = 60


def main() -> int:
    arguments = _parser().parse_args()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(CONNECTED_S)
        print(server.getsockname()[1], flush=True)
        connection, _ = server.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        try:
            _run(arguments, connection)
        except (ConnectionEnded, ConnectionError):
            return 0
        except (StoppedError, OSError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1


def _run(arguments: argparse.Namespace, connection: socket.socket) -> NoReturn:
    machine = Machine(arguments.processor, arguments.flash, arguments.ram)
    machine.load(arguments.program)
    if arguments.kept:
        machine.keep(int(arguments.kept[0], 0), Path(arguments.kept[1]))
    uart = Uart(connection)
    machine.connect(arguments.uart, uart)
    counter = Counter(machine.engine, machine.flash, arguments.counting)
    machine.connect(arguments.timer, Timer(counter), asks_where=True)
    machine.run(uart.wait)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("cortex_m", description=__doc__)
    memory: dict[str, Any] = {"nargs": 2, "type": _number, "required": True, "metavar": ("ORIGIN", "BYTES")}
    device: dict[str, Any] = {"type": _number, "required": True, "metavar": "ADDRESS"}
    parser.add_argument("program", type=Path, help="an ELF file")
    parser.add_argument("--processor", choices=sorted(PROCESSORS), required=True)
    parser.add_argument("--flash", **memory)
    parser.add_argument("--ram", **memory)
    parser.add_argument("--kept", nargs=2, metavar=("ORIGIN", "FILE"), help="memory that the file keeps")
    parser.add_argument("--uart", **device)
    parser.add_argument("--timer", **device)
    parser.add_argument("--counting", type=Path, help="counting.c as a library, which counts faster than Python")
    return parser


def _number(text: str) -> int:
    return int(text, 0)


if __name__ == "__main__":
    sys.exit(main())
