"""The demo web as an HTTP/1.1 forward proxy on 127.0.0.1: absolute URIs in, pages out, names resolved here.

A hand-made ``asyncio.Protocol``: the server shares two cores with the crawler that it feeds, so it must cost little.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING

from demo.request import Answer, plain
from demo.server import CONTROL

if TYPE_CHECKING:
    from demo.world import World

__all__ = ["Shop", "serve"]

#: Bytes of answers kept for the next request; without a limit, 20,000 pages would hold 1.8 GB. Prerendered ones stay.
_KEPT = 256 * 2**20


class Shop:
    """The state of a running demo web: its world, its clock, its counts, and answers that need no new rendering."""

    def __init__(self, world: World, tick: int) -> None:
        self.world = world
        self.tick = tick
        self.counts: Counter[str] = Counter()
        self._kept: dict[tuple[str, int, bool], Answer] = {}
        self._room = _KEPT
        self._keeps_noise = False

    def answer(self, url: str, headers: dict[str, str]) -> Answer:
        """Answer one request and count it."""
        if url.startswith(CONTROL):
            return self._control(url.removeprefix(CONTROL))
        self.counts[url] += 1
        if "if-none-match" in headers or "if-modified-since" in headers:
            return self.world.answer(url, self.tick, headers)
        key = (url, self.tick, "gzip" in headers.get("accept-encoding", ""))
        kept = self._kept.get(key)
        return kept if kept is not None else self._fresh(url, headers, key)

    def prerender(self) -> None:
        """Render all pages of the world at its tick, for a client that takes gzip.

        What differs at each request elsewhere stays as it is then: a benchmark shares its cores with this server.
        """
        self._room, self._keeps_noise = sys.maxsize, True
        for entry in self.world.iter_truth(self.tick):
            self.answer(entry.url, {"accept-encoding": "gzip"})
        self._room, self._keeps_noise = _KEPT, False
        self.counts.clear()

    def _fresh(self, url: str, headers: dict[str, str], key: tuple[str, int, bool]) -> Answer:
        answer = self.world.answer(url, self.tick, {**headers, "x-demo-request": str(self.counts[url])})
        if self._room > 0 and (self._keeps_noise or not self.world.is_noisy(url)):
            self._kept[key] = answer
            self._room -= len(answer.body)
        return answer

    def _control(self, path: str) -> Answer:
        if path.startswith("/tick/") and path[6:].isdigit():
            self.tick = int(path[6:])
        if path == "/log":
            return plain(json.dumps(self.counts), "application/json")
        if path == "/log/clear":
            self.counts.clear()
        return plain(str(self.tick), "text/plain")


class _Visitor(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.waiting = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head, self.waiting = self.waiting[:end], self.waiting[end + 4 :]
            self._answer(head.decode("latin-1"))

    def _answer(self, head: str) -> None:
        assert self.transport is not None
        method, url, headers = parse_head(head)
        if method not in {"GET", "HEAD"}:
            answer = plain("only GET and HEAD over http", "text/plain", 405)
        else:
            answer = self.shop.answer(url, headers)
        self.transport.write(as_bytes(answer, with_body=method != "HEAD"))
        if headers.get("connection", "").lower() == "close":
            self.transport.close()


def parse_head(head: str) -> tuple[str, str, dict[str, str]]:
    r"""Read method, URL and headers of a request; an origin-form path is completed by its Host.

    >>> parse_head("GET / HTTP/1.1\r\nHost: a.example")
    ('GET', 'http://a.example/', {'host': 'a.example'})
    """
    first, *rest = head.split("\r\n")
    method, _, url = first.partition(" ")
    url = url.rpartition(" ")[0]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    return method, f"http://{headers.get('host', '')}{url}" if url.startswith("/") else url, headers


def as_bytes(answer: Answer, *, with_body: bool) -> bytes:
    """Write an answer as it goes over the wire."""
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.status != 304:
        lines.append(f"Content-Length: {len(answer.body)}")
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return head + answer.body if with_body and answer.status != 304 else head


async def serve(shop: Shop, port: int) -> None:
    """Serve until SIGTERM or SIGINT; say where on standard output."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    server = await loop.create_server(lambda: _Visitor(shop), "127.0.0.1", port)
    sys.stdout.write(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await stop.wait()
    server.close()
