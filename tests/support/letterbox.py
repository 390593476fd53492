"""Places that digests are sent to in tests: a webhook over HTTP and a mail server, both on loopback."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Letterbox:
    """What came in, and the address in apprise's form; ``status`` is what a webhook answers."""

    address: str = ""
    got: list[Any] = field(default_factory=list)
    status: int = 200


@contextlib.contextmanager
def webhook() -> Iterator[Letterbox]:
    """Take JSON that is posted."""
    box = Letterbox()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Keep what is posted."""
            box.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(box.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _running(HTTPServer(("127.0.0.1", 0), Hook)) as port:
        box.address = f"json://127.0.0.1:{port}/hook"
        yield box


@contextlib.contextmanager
def mailbox() -> Iterator[Letterbox]:
    """Take mail over SMTP (RFC 5321), as much of it as a client needs to deliver."""
    box = Letterbox()

    class Mail(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            """Talk to one client."""
            self.say("220 ready")
            for line in self.rfile:
                verb = line[:4].upper()
                if verb == b"DATA":
                    self.say("354 go on")
                    box.got.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say({b"QUIT": "221 bye", b"EHLO": "250 here"}.get(verb, "250 taken"))
                if verb == b"QUIT":
                    return

        def say(self, line: str) -> None:
            """Answer."""
            self.wfile.write(f"{line}\r\n".encode())

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)) as port:
        box.address = f"mailto://127.0.0.1:{port}?mode=insecure&from=watch@project.example&to=team@project.example"
        yield box


@contextlib.contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
