"""A web on one loopback port where every host has one fault: what a crawler must survive, to be asked for in tests.

It answers as an HTTP proxy, so that ``http://robots-503.fault.example/`` is an ordinary URL with no DNS and no port::

    with running() as web:
        crawl([web.url("robots-503")], env={"http_proxy": web.proxy})
        assert set(web.hits("robots-503")) == {"/robots.txt"}

``python tests/support/fault_server.py`` serves until it is interrupted and prints the list of faults.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import threading
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import brotli

__all__ = ["DOMAIN", "FAULTS", "PAGE", "Fault", "FaultServer", "running"]

DOMAIN = "fault.example"
SECRET = b"<html><title>Secret</title><body><p>Nobody outside this machine may read this page.</p></body></html>"
TEXT = """<p>Ketamine is an anesthetic that our doctors give in low doses by infusion to adults whose depression did
not get better with other medicine. Six infusions in three weeks are usual, each takes about forty minutes.</p>
<p>Before the first infusion a nurse takes your blood pressure and a doctor asks about your heart, your liver and your
bladder. Ketamine is not approved by the FDA for depression; the treatment is off-label.</p>"""
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ketamine at Fault Clinic</title></head>
<body><nav><a href="/">Home</a> <a href="/second">Second</a></nav>
<main><h1>Ketamine infusions</h1>{TEXT}</main></body></html>""".encode()


@dataclass(frozen=True)
class Visit:
    """One request: where it went, how often that URL was asked for (1 the first time), and the way to answer."""

    host: str
    path: str
    count: int
    port: int
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()


Behaviour = Callable[[Visit], Awaitable[None]]


def answer(body: bytes = PAGE, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """Put an HTTP answer together; ``length`` lies about the body, a Content-Type header replaces text/html."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    if not any(header.lower().startswith("content-type") for header in headers):
        lines.append("Content-Type: text/html; charset=utf-8")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def sends(data: bytes | Callable[[], bytes]) -> Behaviour:
    """Answer with these bytes; a function makes them when they are first asked for."""

    async def behave(visit: Visit) -> None:
        await visit.send(await asyncio.to_thread(data) if callable(data) else data)

    return behave


def redirects(location: str, status: str = "302 Found") -> Behaviour:
    """Redirect; ``{port}`` in the location becomes our own port, so that a crawler that follows is seen."""

    async def behave(visit: Visit) -> None:
        await visit.send(answer(b"", status, f"Location: {location.format(port=visit.port)}"))

    return behave


def at_first(first: Behaviour, then: Behaviour) -> Behaviour:
    """Behave one way for the first visit to a URL, and another way from then on."""

    async def behave(visit: Visit) -> None:
        await (first if visit.count == 1 else then)(visit)

    return behave


def drips(data: bytes, pause: float) -> Behaviour:
    """Send an honest answer one byte at a time."""

    async def behave(visit: Visit) -> None:
        for byte in data:
            await visit.send(bytes([byte]))
            await asyncio.sleep(pause)

    return behave


async def hangs(_visit: Visit) -> None:
    """Accept, and never say a word."""
    await asyncio.sleep(3600)


async def resets(visit: Visit) -> None:
    """Drop the connection without an answer and without a good-bye."""
    visit.writer.transport.abort()


async def closes(_visit: Visit) -> None:
    """Close the connection without an answer."""


async def never_ends(visit: Visit) -> None:
    """Send a body without length and without end."""
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    while True:
        await visit.send(b"<p>and so on</p>" * 4096)


ODD_BYTES = bytes(byte for byte in range(1, 256) if byte not in b"\r\n")
ODD_HEADERS = (
    (b"X-Bytes", b"<" + ODD_BYTES + b">"),
    (b"Link", "<http://header-bytes.fault.example/café/>; rel=canonical".encode()),
    (b"Set-Cookie", "café=1; path=/".encode("latin-1")),
    (b"Set-Cookie", b"caf\xe9=\xff\xfe; path=/\xa0"),
    (b"ETag", b'"caf\xe9"'),
    (b"Last-Modified", "domenica 1\xba marzo".encode("latin-1")),
    (b"Date", b"Mon, 02 Mar 99999999999999999999 09:02:00 GMT"),
    (b"Retry-After", b"\xb2"),
    (b"X-Robots-Tag", b"caf\xe9: noindex"),
    (b"Content-Disposition", "inline; filename=café.html".encode()),
    (b"Content-Encoding", b"\xa0\xe9"),
    (b"X-Empty", b""),
)


def with_odd_headers(data: bytes) -> bytes:
    """Put headers behind the status line whose bytes are no text that anybody agreed on."""
    status, rest = data.split(b"\r\n", 1)
    return b"\r\n".join([status, *(name + b": " + value for name, value in ODD_HEADERS), rest])


async def moves_to_odd_bytes(visit: Visit) -> None:
    """Redirect to an address in UTF-8, from there to one in latin-1, both unescaped."""
    targets = {"/": "/café".encode(), "/caf%C3%A9": b"/th\xe9"}
    target = targets.get(visit.path)
    await visit.send(b"HTTP/1.1 302 Found\r\nLocation: %b\r\n\r\n" % target if target else answer())


def robots(text: str, *headers: str) -> Behaviour:
    """Answer with a robots.txt."""
    return sends(answer(text.encode(), "200 OK", "Content-Type: text/plain", *headers))


def encoded(body: bytes, encoding: str) -> bytes:
    """Answer with a body in a Content-Encoding."""
    return answer(body, "200 OK", f"Content-Encoding: {encoding}")


@cache
def gzip_bomb() -> bytes:
    """Give 2 GiB of zeros in 2 MB, as 32 members of one gzip body."""
    return encoded(gzip.compress(bytes(64 << 20)) * 32, "gzip")


@cache
def brotli_bomb() -> bytes:
    """Give 512 MiB of zeros in less than a kilobyte."""
    stream = brotli.Compressor(quality=5)
    return encoded(b"".join(stream.process(bytes(1 << 20)) for _ in range(512)) + stream.finish(), "br")


def _page_of(html: str) -> bytes:
    return answer(PAGE.replace(b"</main>", html.encode() + b"</main>"))


NO_ROBOTS = sends(answer(b"Not Found", "404 Not Found"))
DISALLOW = "User-agent: *\nDisallow: /\n"
GZIPPED = gzip.compress(PAGE * 20)
UNSAFE_LINKS = (
    "file:///etc/passwd",
    "ftp://fault.example/secret",
    "data:text/html,<p>secret</p>",
    "javascript:alert(1)",
    "http://127.0.0.1:{port}/secret",
    "http://2130706433:{port}/secret",
    "http://localhost:{port}/secret",
    "http://[::1]:{port}/secret",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://10.0.0.1/secret",
    "http://169.254.169.254/latest/meta-data/",
    "http://someone:password@unsafe-links.fault.example/secret",
)


async def links_inward(visit: Visit) -> None:
    """Link to all that a crawler must not touch."""
    links = "".join(f'<p><a href="{link.format(port=visit.port)}">more</a></p>' for link in UNSAFE_LINKS)
    await visit.send(_page_of(links))


SHRUG = "<h1>Come in</h1><p>Our little shop has many shelves, and what was on {} was sold to somebody before you.</p>"


async def says_yes(visit: Visit) -> None:
    """Answer 200 to every address, in words that nobody would take for "not found"."""
    links = "".join(f'<p><a href="/shelf/{name}">{name}</a></p>' for name in ("one", "two", "three"))
    await visit.send(_page_of(links) if visit.path == "/" else answer(SHRUG.format(visit.path).encode()))


@dataclass(frozen=True)
class Fault:
    """How one host behaves: in one line, for its pages, and for its robots.txt."""

    about: str
    page: Behaviour = field(default_factory=lambda: sends(answer()))
    robots: Behaviour = NO_ROBOTS


def _robots_status(status: str, *headers: str) -> Behaviour:
    return sends(answer(b"sorry", status, *headers))


FAULTS: dict[str, Fault] = {
    # robots.txt
    "robots-404": Fault("robots.txt is missing"),
    "robots-401": Fault("robots.txt asks for a password", robots=_robots_status("401 Unauthorized")),
    "robots-403": Fault("robots.txt is forbidden", robots=_robots_status("403 Forbidden")),
    "robots-429": Fault(
        "robots.txt is rate limited", robots=_robots_status("429 Too Many Requests", "Retry-After: 60")
    ),
    "robots-500": Fault("robots.txt answers 500", robots=_robots_status("500 Internal Server Error")),
    "robots-503": Fault("robots.txt answers 503", robots=_robots_status("503 Service Unavailable")),
    "robots-503-once": Fault(
        "robots.txt answers 503 the first time, then disallows /private",
        robots=lambda visit: (
            _robots_status("503 Service Unavailable")
            if visit.count == 1
            else robots("User-agent: *\nDisallow: /private")
        )(visit),
    ),
    "robots-hang": Fault("robots.txt never answers", robots=hangs),
    "robots-reset": Fault("robots.txt resets the connection", robots=resets),
    "robots-nothing": Fault("robots.txt closes the connection without a word", robots=closes),
    "robots-garbage": Fault("robots.txt is not HTTP", robots=sends(b"\x00\x01\x02 not http at all\r\n\r\n")),
    "robots-html": Fault("robots.txt is a friendly page", robots=sends(answer())),
    "robots-disallow": Fault("robots.txt disallows everything", robots=robots(DISALLOW)),
    "robots-disallow-us": Fault(
        "robots.txt disallows us by name",
        robots=robots("User-agent: *\nAllow: /\n\nUser-agent: ClinicWatch\nDisallow: /\n"),
    ),
    "robots-disallow-version": Fault(
        "robots.txt disallows us by what its owner reads in the log, behind leave for all",
        robots=robots(
            "User-agent: *\nAllow: /\n\nUser-agent: clinicwatch/0.1.0 (+mailto:tests@project.example)\nDisallow: /\n"
        ),
    ),
    "robots-private": Fault(
        "robots.txt disallows /second and names a sitemap",
        robots=robots("User-agent: *\nDisallow: /second\nSitemap: http://robots-private.fault.example/sitemap.xml\n"),
    ),
    "robots-bom": Fault("robots.txt starts with a byte order mark", robots=robots("\ufeff" + DISALLOW)),
    "robots-utf16": Fault(
        "robots.txt is UTF-16", robots=sends(answer(DISALLOW.encode("utf-16"), "200 OK", "Content-Type: text/plain"))
    ),
    "robots-long": Fault("robots.txt disallows, then goes on for 1 MB", robots=robots(DISALLOW + "# x\n" * 260_000)),
    "robots-redirect": Fault(
        "robots.txt redirects to another path, which disallows",
        robots=lambda visit: (redirects("/rules.txt") if visit.path == "/robots.txt" else robots(DISALLOW))(visit),
    ),
    "robots-redirect-utf8": Fault(
        "robots.txt redirects to an unescaped address, which disallows",
        page=robots(DISALLOW),
        robots=sends(b"HTTP/1.1 302 Found\r\nLocation: /r\xc3\xa8gles.txt\r\nContent-Length: 0\r\n\r\n"),
    ),
    "robots-redirect-loop": Fault("robots.txt redirects to itself", robots=redirects("/robots.txt")),
    "robots-redirect-loopback": Fault(
        "robots.txt redirects to loopback", robots=redirects("http://127.0.0.1:{port}/secret")
    ),
    "robots-redirect-file": Fault("robots.txt redirects to file:", robots=redirects("file:///etc/passwd")),
    "robots-truncated": Fault(
        "robots.txt is a truncated gzip body",
        robots=sends(encoded(gzip.compress(b"User-agent: *\nAllow: /a\n" + DISALLOW.encode() * 99)[:-20], "gzip")),
    ),
    "robots-bomb": Fault("robots.txt is a decompression bomb", robots=sends(gzip_bomb)),
    "robots-delay": Fault("robots.txt asks for 2 seconds", robots=robots("User-agent: *\nCrawl-delay: 2\n")),
    "robots-delay-year": Fault("robots.txt asks for a year", robots=robots("User-agent: *\nCrawl-delay: 31536000\n")),
    # pages that lead astray
    "redirect-file": Fault("the page redirects to file:", redirects("file:///etc/passwd")),
    "redirect-ftp": Fault("the page redirects to ftp:", redirects("ftp://ftp.fault.example/secret")),
    "redirect-data": Fault("the page redirects to data:", redirects("data:text/html,<p>secret</p>")),
    "redirect-javascript": Fault("the page redirects to javascript:", redirects("javascript:alert(1)")),
    "redirect-loopback": Fault("the page redirects to loopback", redirects("http://127.0.0.1:{port}/secret")),
    "redirect-decimal": Fault(
        "the page redirects to loopback as one number", redirects("http://2130706433:{port}/secret")
    ),
    "redirect-localhost": Fault("the page redirects to localhost", redirects("http://localhost:{port}/secret")),
    "redirect-ipv6": Fault("the page redirects to IPv6 loopback", redirects("http://[::1]:{port}/secret")),
    "redirect-private": Fault("the page redirects to a private address", redirects("http://10.0.0.1/secret")),
    "redirect-link-local": Fault(
        "the page redirects to a cloud's metadata service", redirects("http://169.254.169.254/latest/meta-data/")
    ),
    "redirect-loop": Fault("the page redirects to itself", redirects("/")),
    "redirect-bytes": Fault("the page redirects to addresses with bytes beyond ASCII", moves_to_odd_bytes),
    "redirect-nowhere": Fault("the page redirects without a Location", sends(answer(b"", "302 Found"))),
    "redirect-site": Fault("the page redirects to another site", redirects("http://robots-404.fault.example/")),
    "unsafe-links": Fault("the page links to all that must not be fetched", links_inward),
    "says-yes": Fault("any address answers 200", says_yes),
    # bodies
    "bomb-gzip": Fault("the page is 2 GiB of zeros in gzip", sends(gzip_bomb)),
    "bomb-brotli": Fault("the page is 512 MiB of zeros in brotli", sends(brotli_bomb)),
    "too-large": Fault("the page says that it has 1 GB", sends(answer(length=10**9))),
    "endless": Fault("the page never ends", never_ends),
    "truncated-length": Fault("the page ends before its Content-Length", sends(answer(length=len(PAGE) + 500))),
    "truncated-chunked": Fault(
        "the page ends inside a chunk",
        sends(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + PAGE),
    ),
    "truncated-gzip": Fault("the page is a gzip body cut in the middle", sends(encoded(GZIPPED[:-40], "gzip"))),
    "wrong-checksum": Fault(
        "the page is a gzip body with a wrong checksum", sends(encoded(GZIPPED[:-8] + bytes(8), "gzip"))
    ),
    "not-gzip": Fault("the page says gzip and is plain text", sends(encoded(PAGE, "gzip"))),
    "deflate": Fault("no fault: the page is raw deflate", sends(encoded(zlib.compress(PAGE, wbits=-15), "deflate"))),
    "brotli": Fault("no fault: the page is brotli", sends(encoded(brotli.compress(PAGE), "br"))),
    "empty": Fault("the page has no bytes", sends(answer(b""))),
    "wrong-charset": Fault(
        "UTF-8 that says it is ISO-8859-1 and KOI8-R",
        sends(
            answer(
                PAGE.replace(b'charset="utf-8"', b'charset="koi8-r"').replace(
                    b"Fault Clinic", "Müller’s café".encode()
                ),
                "200 OK",
                "Content-Type: text/html; charset=iso-8859-1",
            )
        ),
    ),
    "bogus-charset": Fault(
        "a charset that does not exist", sends(answer(PAGE, "200 OK", "Content-Type: text/html; charset=none-such-9"))
    ),
    "nul-bytes": Fault(
        "NUL bytes, lone surrogates and bad UTF-8 in the text",
        sends(answer(PAGE.replace(b"adults", b"adults \x00 \xff\xfe \xed\xa0\x80 &#0; &#xD800;"))),
    ),
    "pdf": Fault("a PDF that says it is HTML", sends(answer(b"%PDF-1.4\n" + bytes(range(256)) * 20))),
    "octet-stream": Fault(
        "HTML that says it is a download", sends(answer(PAGE, "200 OK", "Content-Type: application/octet-stream"))
    ),
    "no-type": Fault("no Content-Type", sends(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + PAGE)),
    "deep": Fault("200,000 nested divs", sends(lambda: _page_of("<div>" * 200_000))),
    "attributes": Fault(
        "one element with 200,000 attributes",
        sends(lambda: _page_of(f"<p {' '.join(f'a{n}=1' for n in range(200_000))}>x</p>")),
    ),
    # answers
    "garbage": Fault("the page is not HTTP", sends(b"\x00\x01\x02 not http at all\r\n\r\n")),
    "huge-header": Fault("a header of 200 KB", sends(answer(PAGE, "200 OK", "X-Long: " + "a" * 200_000))),
    "many-headers": Fault("5,000 headers", sends(answer(PAGE, "200 OK", *(f"X-{n}: v" for n in range(5000))))),
    "header-bytes": Fault(
        "headers of robots.txt and of the page hold every byte",
        page=sends(with_odd_headers(answer())),
        robots=sends(
            with_odd_headers(answer(b"User-agent: *\nDisallow: /second\n", "200 OK", "Content-Type: text/plain"))
        ),
    ),
    "header-name": Fault(
        "the name of a header is beyond ASCII",
        sends(b"HTTP/1.1 200 OK\r\nN\xe4me: x\r\nConnection: close\r\n\r\n" + PAGE),
    ),
    "hang": Fault("the page never answers", hangs),
    "reset": Fault("the page resets the connection", resets),
    "slow": Fault("the page comes at two bytes a second", drips(answer(), 0.5)),
    "retry-after": Fault(
        "the first visit gets 429 and Retry-After: 2",
        at_first(sends(answer(b"", "429 Too Many Requests", "Retry-After: 2")), sends(answer())),
    ),
    "retry-after-hour": Fault(
        "429 and Retry-After: 3600", sends(answer(b"", "429 Too Many Requests", "Retry-After: 3600"))
    ),
    "retry-after-503": Fault(
        "the first visit gets 503 and Retry-After: 2",
        at_first(sends(answer(b"", "503 Service Unavailable", "Retry-After: 2")), sends(answer())),
    ),
    "error-500": Fault("the page answers 500", sends(answer(b"oops", "500 Internal Server Error"))),
    "forbidden": Fault("the page answers 403", sends(answer(b"<h1>Access denied</h1>", "403 Forbidden"))),
    "gone": Fault("the page answers 410", sends(answer(b"gone", "410 Gone"))),
    "empty-site": Fault("a home page without text and links", sends(answer(b"<html><body></body></html>"))),
    "no-host": Fault("the proxy cannot find the host", sends(answer(b"", "502 Bad Gateway")), robots=closes),
}


class FaultServer:
    """The server: its proxy URL, the URL of a fault, and what was asked for, when."""

    def __init__(self) -> None:
        self.port = 0
        self.log: list[tuple[float, str, str]] = []

    @property
    def proxy(self) -> str:
        """Give the value for ``http_proxy``."""
        return f"http://127.0.0.1:{self.port}"

    def url(self, fault: str, path: str = "/") -> str:
        """Give the URL of a page on the host of a fault."""
        return f"http://{fault}.{DOMAIN}{path}"

    def hits(self, fault: str) -> Counter[str]:
        """Count the requests for each path on the host of a fault, or on any other host if it has a dot or colon."""
        host = fault if set(fault) & {".", ":"} else f"{fault}.{DOMAIN}"
        return Counter(path for _, seen, path in self.log if seen == host)

    def times(self, fault: str) -> list[float]:
        """Tell when the host of a fault was asked for anything, in seconds of the monotonic clock."""
        return [when for when, host, _ in self.log if host == f"{fault}.{DOMAIN}"]

    def strays(self) -> set[str]:
        """Give the hosts asked for that are no part of this web: a crawler that was led astray."""
        return {host for _, host, _ in self.log if not host.endswith(f".{DOMAIN}")}

    async def serve(self, started: Callable[[], None]) -> None:
        """Serve until cancelled."""
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        started()
        async with server:
            await server.serve_forever()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, EOFError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            visit = self._visit(head.decode("latin-1"), writer)
            await behaviour_of(visit)(visit)
        with contextlib.suppress(ConnectionError):
            writer.close()

    def _visit(self, head: str, writer: asyncio.StreamWriter) -> Visit:
        """Read the request line: an absolute URL to a proxy, a path to a server that was reached directly."""
        target = urlsplit(head.split(" ", 2)[1])
        named = next((line[5:].strip() for line in head.splitlines() if line.lower().startswith("host:")), "")
        host, path = target.netloc or named, target.path or "/"
        self.log.append((time.monotonic(), host, path))
        count = sum(1 for _, *seen in self.log if seen == [host, path])
        return Visit(host, path, count, self.port, writer)


def behaviour_of(visit: Visit) -> Behaviour:
    """Choose what a visit gets; hosts that are not ours get the secret page, so that straying is seen."""
    fault = FAULTS.get(visit.host.removesuffix(f".{DOMAIN}"))
    if fault is None:
        return sends(answer(SECRET))
    return fault.robots if visit.path in {"/robots.txt", "/rules.txt"} else fault.page


@contextlib.contextmanager
def running() -> Iterator[FaultServer]:
    """Run the server in a thread of its own for as long as the block lasts."""
    server, loop, started = FaultServer(), asyncio.new_event_loop(), threading.Event()
    task = loop.create_task(server.serve(started.set))
    thread = threading.Thread(target=_run, args=(loop, task), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    left = asyncio.all_tasks(loop)
    for connection in left:
        connection.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
    loop.close()


if __name__ == "__main__":
    with running() as web:
        print(*(f"{web.url(name):50} {fault.about}" for name, fault in FAULTS.items()), sep="\n")
        print(f"http_proxy={web.proxy}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
