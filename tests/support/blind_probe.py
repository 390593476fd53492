"""Does anything that a person may open depend on a vote that this person must not know? Run with any Datasette.

Two worlds are alike but for what one reader said. Everything that Datasette has a route for, and every link found on
the way, is opened in both by each other person, in every format; an answer that differs has let something through,
and so has one that holds the words of the reader's note. Prints what leaked, as JSON.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import datasette

from db.coding.samples import SampleUnit, freeze
from db.coding.votes_file import claim_unit, voting
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import reading
from db.datasette.serve import datasette_of
from tests.support.desk import TEAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from datasette.app import Datasette

AT = "2026-03-01T09:00:00.000+00:00"
CANARY = "canary-"
ADVERTISERS = ("cedar-ketamine.example",)
LINKS = 40  # found on the way, for each person
SQL = (
    "select * from votes",
    "select * from main.votes",
    "attach database 'corpus.review.db' as r",
    "select * from pragma_database_list",
    "select * from sqlite_master",
    "select load_extension('x')",
    "select readfile('corpus.review.db')",
    "select * from fsdir('.')",
    "select * from standing",
)
GUARDS = {"content-security-policy": "frame-ancestors 'none'", "x-content-type-options": "nosniff"}
SQL_PAGES = (
    *(f"/{name}{kind}" for name in ("corpus", "corpus/-/query") for kind in ("", ".json", ".csv")),
    "/_memory",
    "/_memory.json",
)
FILES = ("corpus.review", "corpus~2Ereview", "_internal", "_memory")
FILL = {"database": ["corpus", *FILES], "table": ["documents", "votes"], "pks": ["1"], "id": ["1"]}
FILL |= {"format": ["json", "csv", "db", "md"], "rest": [""], "query": ["votes"]}
FILL |= {
    "code": ["topic", "D3_testimonial", "E1_rate", "_note"],
    "path": ["../corpus.review.db", "..%2f..%2fcorpus.review.db", "clinicwatch.css"],
}
NONCES = re.compile(
    r'name="(?:csrftoken|token|decision)" value="[^"]*"|"query_ms": [\d.]+|[\d.]+ ?ms\b'
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+"
    r"|/tmp/[^\s\"<]*|csrftoken=[^;\s\"]+|next_token=[^&\"]+"
)
# what these say differs from one process to the next: they are searched for the words of the note only
UNSTEADY = re.compile(r"^/-/(threads|versions|permissions|rules|tasks)|\.db$")


def worlds(corpus: Path, folder: Path) -> dict[str, Datasette]:
    """Make worlds that are alike but for what was said: ``a`` and ``b`` by a reader, ``swapped`` by two."""
    made = {}
    for name in ("a", "b", "swapped a", "swapped b"):
        place = folder / name.replace(" ", "-")
        place.mkdir(parents=True)
        shutil.copy(corpus, place / "corpus.db")
        with voting(place / "corpus.db") as review:
            fill(review, units_of(place / "corpus.db"), name)
        made[name] = datasette_of(place / "corpus.db", TEAM)
    return made


def units_of(corpus: Path) -> list[tuple[int, int, str]]:
    """Name page, version and text of the documents."""
    with reading(corpus) as db:
        return db.execute(
            "SELECT d.id, v.id, coalesce(v.content_sha256, v.text_sha256) FROM documents AS d"
            " JOIN versions AS v ON v.id = d.version ORDER BY d.id"
        ).fetchall()


def fill(review: Any, units: list[tuple[int, int, str]], world: str) -> None:
    """Cast the votes of a world: anna's depend on it; of ben's, who did the first two documents too, none does."""
    facts = {"name": "drawn", "at": AT, "asked": 5, "strata_by": "[]", "double": 1.0, "query": "", "frame_size": 5}
    facts |= {"seed": 1, "frame_hash": "", "strata": "[[[],5,5]]", "allocation": "proportional"}
    freeze(review, facts, [SampleUnit(n, one[2], one[0], "", "", 1, (), 1.0, True) for n, one in enumerate(units, 1)])
    values = {"a": ("on topic", "no", "a"), "b": ("off topic", "yes", "b")}
    if world in values:
        said = values[world]
        for number, unit in enumerate(units):
            early = number < 2  # which ben has done: there both worlds say the same
            say(review, "anna", unit, ("on topic", "no", "same") if early else said)
            if early:
                say(review, "ben", unit, ("on topic", "yes", "ben"))
            read_whole(review, ("anna", "ben") if early else ("anna",), unit, "" if early else world)
        return
    first, second = ("on topic", "off topic") if world == "swapped a" else ("off topic", "on topic")
    for unit in units:
        say(review, "anna", unit, (first, "no", ""))
        say(review, "ben", unit, (second, "no", ""))


def say(review: Any, coder: str, unit: tuple[int, int, str], said: tuple[str, str, str]) -> None:
    """Vote on topic, a page code and a claim of a text, and leave a note and a flag."""
    page, version, text = unit
    topic, other, note = said
    known: dict[str, Any] = {"text_sha256": text, "page": page, "version": version}
    sentence = f"{CANARY}{coder}" if note in {"a", "b"} else ""
    votes = [
        Vote(AT, coder, "text", text, "topic", topic, **known),
        Vote(
            AT,
            coder,
            "text",
            text,
            "D3_testimonial",
            other,
            quote=sentence,
            **known,
        ),
        Vote(AT, coder, "claim", claim_unit(text, "A quote."), "E1_rate", other, quote="A quote.", **known),
    ]
    if note:
        votes.append(Vote(AT, coder, "text", text, "_note", "note", value_text=f"{CANARY}{coder}-{note}", **known))
        votes.append(Vote(AT, coder, "text", text, "_flag", "yes" if note == "a" else "no", **known))
    for place, vote in enumerate(votes):
        cast_votes(review, [vote], f"{coder} {text} {place}")


def read_whole(review: Any, coders: Iterable[str], unit: tuple[int, int, str], world: str) -> None:
    """Read a text whole; in one world anna marks a sentence as well, and a program answers differently."""
    page, version, text = unit
    known: dict[str, Any] = {"text_sha256": text, "page": page, "version": version}
    for coder in coders:
        cast_votes(review, [Vote(AT, coder, "text", text, "_read", "whole page", **known)], f"{coder} {text} read")
    quote = f"{CANARY}anna marked this."
    mark = Vote(AT, "anna", "claim", claim_unit(text, quote), "K3_safe", "yes", quote=quote, start=0, end=9, **known)
    program = replace(mark, coder="machine:model", unit=claim_unit(text, "A quote."), code="E1_rate", quote="A quote.")
    if world == "a":
        cast_votes(review, [mark], f"anna {text} mark")
    if world:
        answer = "yes" if world == "a" else "no"
        cast_votes(review, [replace(program, value=answer)], f"machine {text}")


def sample_paths(pattern: str) -> Iterator[str]:
    """Write addresses that a route's pattern takes, with each filling of its named parts."""
    plain = pattern.removeprefix("^").removesuffix("$").replace("\\/", "/").replace("\\.", ".")
    optional = re.search(r"\(\.\(\?P<format>[^)]*\)\)\?", plain)
    shapes = [plain.replace(optional[0], ""), plain.replace(optional[0], ".{format}")] if optional else [plain]
    for shape in shapes:
        named = re.sub(r"\(\?P<(\w+)>(?:[^()\[\]]|\[[^\]]*\])*\)", r"{\1}", re.sub(r"\{[\d,]+\}", "", shape))
        names = [name for name in dict.fromkeys(re.findall(r"\{(\w+)\}", named)) if name in FILL]
        fill = FILL | {"database": FILL["database"][:2]} if len(names) > 2 or "id" in names else FILL
        for values in itertools.product(*(fill[name] for name in names)):
            path = named
            for name, value in zip(names, values, strict=True):
                path = path.replace(f"{{{name}}}", value)
            if not re.search(r"[()\[\]{}\\]", path):
                yield path
                yield from (f"{path}?one=on+topic&two=off+topic",) if "/agreement/" in path else ()


def all_paths(ds: Datasette) -> list[str]:
    """Name every address to open: all routes, the desk's queues, and SQL in every format."""
    patterns = [getattr(route, "pattern", str(route)) for route, _ in ds._routes()]  # noqa: SLF001 - there is no public list
    found = [path for pattern in patterns for path in sample_paths(pattern)]
    kinds = ("topic", "claims", "read", "page", "conflicts", "D3_testimonial", "E1_rate")
    tasks = itertools.product(kinds, ("all", "changed", "sample+drawn"))
    found += [f"/-/review/desk?task={task}&set={documents}" for task, documents in tasks]
    found += [f"/-/review/desk?task=topic&set=all&at={number}" for number in range(1, 8)]
    found += [f"{shape}?sql={quote(sql)}" for sql in SQL for shape in SQL_PAGES]
    found += [f"/corpus/documents/1.{kind}" for kind in ("json", "csv", "blob")]
    found += [f"/-/review/table?{more}" for more in ("codes=all", "without=blog&publishers=1", "on=2026-03-01")]
    codes = (*FILL["code"], "S4_price", "E5_cure_hype")
    found += [f"/-/review/table/cell?of={advertiser}&code={code}" for code in codes for advertiser in ADVERTISERS]
    return list(dict.fromkeys(found))


class Person:
    """Somebody who opens pages of a world."""

    def __init__(self, ds: Datasette, name: str) -> None:
        self.ds = ds
        self.bare: list[str] = []  # answers without the headers that keep a browser from running what a site wrote
        self.cookies = {"ds_actor": ds.sign({"a": {"id": name}}, "actor")} if name else {}

    async def open(self, path: str) -> tuple[int, str]:
        """Open a page; gives status and body."""
        answer = await self.ds.client.get(path, cookies=self.cookies, follow_redirects=False)
        self.bare += [f"{path}: no {name}" for name, part in GUARDS.items() if part not in answer.headers.get(name, "")]
        return answer.status_code, answer.text


async def compare(pair: tuple[Datasette, Datasette], name: str, paths: Iterable[str], secret: str) -> dict[str, Any]:
    """Open everything in both worlds; gives the number of pages and those that let something through."""
    here, there = (Person(ds, name) for ds in pair)
    queue, known, found = list(paths), set(paths), []
    for path in queue:
        one, two = await here.open(path), await there.open(path)
        if secret and secret in one[1] + two[1]:
            found.append(f"{path}: holds {secret}")
        elif not UNSTEADY.search(path) and plain(one) != plain(two):
            found.append(f"{path}: differs")
        for link in re.findall(r'href="(/[^"#]*)"', one[1]):
            address = link.replace("&amp;", "&")
            if address not in known and "logout" not in address and len(queue) < len(list(paths)) + LINKS:
                known.add(address)
                queue.append(address)
    return {"opened": len(queue), "leaks": found + here.bare + there.bare}


def plain(answer: tuple[int, str]) -> tuple[int, str]:
    """Leave out what differs between any two answers: tokens, times, durations."""
    return answer[0], NONCES.sub("", answer[1])


async def probe(corpus: Path, folder: Path) -> dict[str, Any]:
    """Compare the worlds for each person; whoever may know a vote is not asked about it."""
    made = worlds(corpus, folder)
    paths = all_paths(made["a"])
    told: dict[str, Any] = {"datasette": datasette.__version__, "routes": len(paths), "people": {}}
    for name in ("", "ben", "judge"):
        told["people"][name or "anonymous"] = await compare((made["a"], made["b"]), name, paths, f"{CANARY}anna")
    # when both have voted, the adjudicator knows what was said and not by whom
    swapped = (made["swapped a"], made["swapped b"])
    told["people"]["judge, of names"] = await compare(swapped, "judge", paths, "")
    # and the probe can see: the reader who voted finds the own note and the own values
    desk = [path for path in paths if path.startswith("/-/review")]
    own = await compare((made["a"], made["b"]), "anna", desk, f"{CANARY}anna")
    told["seen by the reader who voted"] = len(own["leaks"])
    return told


if __name__ == "__main__":
    sys.modules["rich"] = None  # type: ignore[assignment] - with it Datasette draws every 404 on the terminal
    print(json.dumps(asyncio.run(probe(Path(sys.argv[1]), Path(sys.argv[2])))))
