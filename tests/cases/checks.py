"""Small inputs of the kinds that public bug reports speak of, each with the right answer: what is asked, and how.

A case is a folder beside this file with ``case.toml`` and its input. ``check`` names what is asked: ``read`` (a page is
read), ``job`` (a page, feed or sitemap with what it leads to), ``robots``, ``url``, ``seeds``, or ``crawl`` (two crawls
through a scripted proxy on loopback). Hosts are *.example.
"""

from __future__ import annotations

import socket
import subprocess
import threading
from urllib.parse import urlsplit

from tests.cases import adapter
from tests.support.command import ROOT, environment


def parts(want, said, name):
    """Say which words of a region are missing or too many."""
    missing = [one for one in want.get(f"{name}_has", ()) if one not in said]
    unwanted = [one for one in want.get(f"{name}_lacks", ()) if one in said]
    told = [f"{name} lacks {missing}"] if missing else []
    return told + ([f"{name} has {unwanted}"] if unwanted else [])


def check_read(case, folder):
    """Compare what is read of a page."""
    body = (folder / case["input"]).read_bytes()
    reading = adapter.read(body, case["url"], case.get("content_type", "text/html; charset=utf-8"))
    want, wrong = case["expect"], []
    wrong += parts(want, reading.text, "main")
    wrong += parts(want, adapter.all_text(reading), "any")
    for field in ("title", "author", "published", "language"):
        got = getattr(reading, field) or ""
        if field in want and got != want[field]:
            wrong.append(f"{field} is {got!r}, right is {want[field]!r}")
        if got and got in want.get(f"{field}_not", ()):
            wrong.append(f"{field} is {got!r}")
        wrong += parts(want, got, field)
    return wrong


def check_job(case, folder):
    """Compare what a page, feed or sitemap is taken for and leads to."""
    body = (folder / case["input"]).read_bytes()
    kind = case.get("kind_of_page", "page")
    host = urlsplit(case["url"]).hostname.removeprefix("www.")
    kinds = {"sitemap": "application/xml"}
    content_type = case.get("content_type", kinds.get(kind, "text/html; charset=utf-8"))
    outcome, reading, found = adapter.read_job(case["url"], body, content_type, kind, host)
    want, wrong = case["expect"], []
    said = adapter.visible_text(reading).split() if reading else []
    if "is_page" in want and (outcome is None and bool(said)) != want["is_page"]:
        got = outcome or f"a page of {len(said)} words"
        wrong.append(f"taken for: {got}; right is {'a page' if want['is_page'] else 'no page of its own'}")
    missing = [url for url in want.get("leads_to", ()) if url not in found]
    unwanted = [url for url in want.get("leads_not_to", ()) if url in found]
    wrong += [f"does not lead to {missing}; it leads to {found[:4]}"] if missing else []
    wrong += [f"leads to {unwanted}"] if unwanted else []
    if reading:
        wrong += parts(want, reading.text, "main")
    return wrong


def check_robots(case, folder):
    """Compare what a robots.txt allows."""
    file = adapter.parse_robots((folder / case["input"]).read_bytes())
    want = case["expect"]
    wrong = [f"allows {url}" for url in want.get("disallowed", ()) if file.allows(url)]
    wrong += [f"disallows {url}" for url in want.get("allowed", ()) if not file.allows(url)]
    if "delay_at_least" in want and (file.crawl_delay or 0) < want["delay_at_least"]:
        wrong.append(f"delay is {file.crawl_delay}, the site asks for {want['delay_at_least']} s")
    return wrong


def check_url(case, folder):
    """Compare the addresses under which links are known."""

    def known_by(href, base=case["url"]):
        return adapter.known_url(base, href)

    wrong = [
        f"{href!r} is {known_by(href)}, right is {right}"
        for href, right in case["expect"].get("pairs", ())
        if known_by(href) != right
    ]
    same = {known_by(href) for href in case["expect"].get("same", ())}
    return wrong + ([f"one page is known by {len(same)} addresses: {sorted(map(str, same))}"] if len(same) > 1 else [])


def check_seeds(case, folder):
    """Compare the rows of a seeds file."""
    got = adapter.load_seeds(folder / case["input"])
    return [] if got == case["expect"]["urls"] else [f"seeds are {got}"]


CHECKS = {"read": check_read, "job": check_job, "robots": check_robots, "url": check_url, "seeds": check_seeds}


class Web:
    """Answers as an HTTP proxy on loopback what the crawl cases say, crawl by crawl; all else is a 404."""

    def __init__(self):
        self.answers, self.crawl = {}, 1
        self.server = socket.create_server(("127.0.0.1", 0))
        self.proxy = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def add(self, case, folder):
        for one in case["answer"]:
            body = (folder / one["file"]).read_bytes() if "file" in one else one.get("body", "").encode()
            head = {"Content-Type": "text/html; charset=utf-8", **one.get("headers", {})}
            self.answers[one["url"], one.get("crawl", 0)] = one.get("status", 200), head, body

    def serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.reply, args=(connection,), daemon=True).start()

    def reply(self, connection):
        with connection:
            asked = b""
            while b"\r\n\r\n" not in asked:
                more = connection.recv(65536)
                if not more:
                    return
                asked += more
            url = asked.split(b" ", 2)[1].decode("latin-1")
            missing = 404, {"Content-Type": "text/html"}, b"<html><title>404 Not Found</title><h1>Not Found</h1></html>"
            found = self.answers.get((url, self.crawl)) or self.answers.get((url, 0)) or missing
            status, head, body = found
            lines = [f"HTTP/1.1 {status} Answer", f"Content-Length: {len(body)}", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in head.items()]
            connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


def crawl_all(cases, scratch):
    """Crawl the hosts of all cases twice; gives the path of the corpus."""
    web = Web()
    seeds = []
    for case, folder in cases:
        web.add(case, folder)
        seeds += case["seeds"]
    (scratch / "seeds.csv").write_text("url\n" + "\n".join(seeds) + "\n")
    env = environment(web.proxy)
    line = [*adapter.crawl_argv(), "--seeds", str(scratch / "seeds.csv"), "--db", str(scratch / "corpus.db"), "--all"]
    for web.crawl in (1, 2):
        done = subprocess.run(
            [*line, "-s", "DOWNLOAD_DELAY=0"], env=env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 4):
            said = (done.stderr.strip().splitlines() or [""])[-1]
            raise RuntimeError(f"crawl {web.crawl} ended with exit code {done.returncode}: {said}")
    return scratch / "corpus.db"


def check_crawl(case, path):
    """Compare what two crawls kept and reported."""
    want, wrong = case["expect"], []
    told, texts = adapter.edited(path, 2), adapter.pages_with_text(path)
    wrong += [f"no text of {url} was kept" for url in want.get("reached", ()) if url not in texts]
    wrong += [f"the change of {url} is not told" for url in want.get("told", ()) if url not in told]
    wrong += [f"a change of {url} is told" for url in want.get("untold", ()) if url in told]
    for one in want.get("outcomes", ()):
        got = adapter.outcome(path, one["url"], one.get("crawl", 1))
        if got and got in one.get("not", ()):
            wrong.append(f"{one['url']} is told as {got!r}")
    for one in want.get("pages_at_most", ()):
        got = len(adapter.pages_with_text(path, like=one["like"]))
        if got > one["n"]:
            wrong.append(f"{got} pages are like {one['like']}, right is {one['n']}")
    return wrong + [message for one in want.get("kept_headers", ()) for message in _header(one, path)]


def _header(one, path):
    """Look for a header's bytes in the WARC record, as it was sent."""
    record = adapter.archived_record(path, one["url"])
    sent = f"{one['name']}: {one['value']}".encode("latin-1")
    kept = [line for line in record.split(b"\r\n") if line.lower().startswith(one["name"].lower().encode() + b":")]
    return [] if sent.lower() in record.lower() else [f"the archive keeps {kept}, the site sent {sent!r}"]
