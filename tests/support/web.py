"""A small web behind an HTTP proxy, for crawls in tests: pages are functions of their URL, every request is counted."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORDS = [
    "ketamine",
    "infusion",
    "depression",
    "clinic",
    "patient",
    "treatment",
    "mood",
    "session",
    "dose",
    "nurse",
    "anxious",
    "relief",
    "hours",
    "weeks",
    "doctor",
    "brain",
    "glutamate",
    "therapy",
    "support",
    "morning",
    "evening",
    "chair",
    "blanket",
    "music",
    "journey",
    "careful",
    "monitor",
    "pressure",
]


@dataclass
class Answer:
    """What the web says to one request."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    with_length: bool = True  # else the end of the connection ends the body


def html(title: str, paragraphs: list[str], links: list[str] = ()) -> bytes:
    """Write a plain page."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    menu = "".join(f'<li><a href="{link}">more on {link}</a></li>' for link in links)
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head>"
        f"<body><main><h1>{title}</h1>{text}</main><footer><ul>{menu}</ul></footer></body></html>"
    ).encode()


def prose(seed: object, sentences: int = 24) -> list[str]:
    """Write paragraphs that differ by seed."""
    rng = random.Random(repr(seed))
    lines = [" ".join(rng.choice(WORDS) for _ in range(14)).capitalize() + "." for _ in range(sentences)]
    return [" ".join(lines[start : start + 4]) for start in range(0, sentences, 4)]


def linked_site(pages: int) -> Callable[[str], Answer | None]:
    """Make a site of so many pages, each reachable by links only: ``/`` and ``/p/1`` to ``/p/N-1``."""

    def answer(url: str) -> Answer | None:
        path = url.split("/", 3)[3]
        number = 0 if path == "" else int(path[2:]) if path.startswith("p/") else None
        if number is None or number >= pages:
            return None
        targets = {(number * 7 + step) % pages for step in range(8)} | {(number + 1) % pages}
        links = ["/" if target == 0 else f"/p/{target}" for target in sorted(targets)]
        return Answer(html(f"Ketamine page {number}", prose(number), links))

    return answer


@dataclass
class Web:
    """A running test web: its proxy address and what was asked of it."""

    proxy: str
    hits: Counter[str] = field(default_factory=Counter)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextlib.contextmanager
def serving(answer: Callable[[str], Answer | None]) -> Iterator[Web]:
    """Serve a web on loopback as a proxy while the block runs; ``None`` is a 404."""
    web = Web("")
    loop = asyncio.new_event_loop()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                answered = respond(web, answer, request)
                writer.write(answered)
                await writer.drain()
                if b"\r\nConnection: close\r\n" in answered:
                    break
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(talk, "127.0.0.1", 0))
    web.proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def respond(web: Web, answer: Callable[[str], Answer | None], request: str) -> bytes:
    """Count a request, and write the answer to it."""
    first, *lines = request.splitlines()
    url = first.split(" ")[1]
    web.hits[url] += 1
    web.requests.append((url, dict(line.split(": ", 1) for line in lines if ": " in line)))
    told = answer(url) or Answer(b"not here", 404)
    headers = {"Content-Type": "text/html; charset=utf-8", **told.headers}
    headers |= {"Content-Length": str(len(told.body))} if told.with_length else {"Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {told.status} Answer\r\n{head}\r\n".encode() + told.body
