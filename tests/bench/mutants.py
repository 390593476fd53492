"""Pages that are damaged by dice, read: how many the reader fails on.

    python -m tests.bench.mutants [--pages 6000]

Real pages (``../shared/html-dev``) where they are there, and the saved pages of the tests, each cut, doubled, with
tags, attributes, bytes and scripts changed. Prints how many raised, and of how many the bare text alone could be read.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.reading.read import read
from tools.benchmark_pages import load_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

SAVED = Path(__file__).parents[1] / "pages"
PIECES = (
    b"<table>", b"</table>", b"<td>", b"</body>", b"</html>", b"<template shadowrootmode=open>", b"<svg>", b"<!--",
    b"]]>", b"<style>.a{display:none", b"<p hidden>", b"\x00", b"\xff\xfe", b"<a href='http://[::1'>", b"$1,2,3.4.5",
    b"<time datetime='99/99/2020'>", b"<meta charset=utf-16>", b"<base href='javascript:'>", b"<h1></h1>", b"<x-y z=",
    b"<script type='application/ld+json'>[{\"@type\":[1,null],\"author\":{\"name\":{\"name\":[]}}}]</script>",
    b"&#xD800;", b"\xc3", b"<frameset>",
)  # fmt: skip


CHANGES = ((b"</div>", b""), (b'"', b"'"), (b">", b""), (b"<p", b"<td"))
TYPES = ("text/html", None, "text/html; charset=latin-1")


def mutate(body: bytes, dice: random.Random) -> bytes:
    """Damage a page in one to six places."""
    for _ in range(dice.randint(1, 6)):
        at, length = dice.randrange(len(body) + 1), dice.randrange(2_000)
        kind = dice.randrange(6)
        if kind == 0:
            body = body[:at] + dice.choice(PIECES) + body[at:]
        elif kind == 1:
            body = body[:at] + body[at + length :]
        elif kind == 2:
            body = body[:at] + body[at : at + length] * 2 + body[at + length :]
        elif kind == 3:
            body = body[:at] + dice.randbytes(dice.randint(1, 8)) + body[at + 4 :]
        elif kind == 4:
            body = body[:at] + body[at:].replace(
                *dice.choice(((b"</div>", b""), (b'"', b"'"), (b">", b""), (b"<p", b"<td"))), 5
            )
        else:
            body = body[: max(at, 10)]
    return body


def failures(bodies: Sequence[bytes], count: int, seed: int = 1) -> list[str]:
    """Read so many damaged pages; gives what each failure said."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        page = mutate(bodies[number % len(bodies)], dice)
        try:
            reading = read(page, "https://cedar.example/care/", dice.choice(TYPES))
        except Exception as error:  # noqa: BLE001  # this is what is counted
            found.append(f"raised {type(error).__name__}: {error}")
            continue
        found += [f"rescued: {block.text}" for block in reading.blocks if block.region.startswith("reading failed")]
    return found


def saved_bodies() -> list[bytes]:
    """Give the saved pages of the tests."""
    return [path.read_bytes() for path in sorted(SAVED.glob("*/*.html"))]


def main() -> None:
    """Read the damaged pages and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=6_000, metavar="N")
    count = parser.parse_args().pages
    logging.disable(logging.CRITICAL)
    bodies = [page.body for page in load_pages()] + saved_bodies()
    begun = time.process_time()
    found = failures(bodies, count)
    print(f"{count} damaged pages of {len(bodies)}: {len(found)} failures, {time.process_time() - begun:.0f} s of CPU")
    print("\n".join(found[:20]))


if __name__ == "__main__":
    main()
