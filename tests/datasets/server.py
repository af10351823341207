"""A real web server on this machine that serves one file the way bad networks do."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Behaviour:
    """What the server does with `content`.

    cut_after: bytes of a body after which the connection is cut, None to send all of it.
    ranges: whether it honours Range. refuse_after: requests after which it answers 503 only.
    requests: the Range headers seen.
    """

    content: bytes
    cut_after: int | None = None
    ranges: bool = True
    refuse_after: int | None = None
    requests: list[str] = field(default_factory=list)


@contextlib.contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """The server's base address while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, behaviour)

        def log_message(self, *args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(handler: BaseHTTPRequestHandler, behaviour: Behaviour) -> None:
    asked = handler.headers.get("Range", "")
    behaviour.requests.append(asked)
    if behaviour.refuse_after is not None and len(behaviour.requests) > behaviour.refuse_after:
        handler.send_error(503)
        return
    start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and behaviour.ranges else 0
    body = behaviour.content[start:]
    handler.send_response(206 if start else 200)
    if start:
        total = len(behaviour.content)
        handler.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body if behaviour.cut_after is None else body[: behaviour.cut_after])
