"""Server times of the page of claims at 100,000 pages with three million candidates, made by direct inserts.

python -m tests.bench.claims_page [PAGES] [--combinations N] [--keep FOLDER]

The corpus is synthetic: 250 pages a site, some 30 candidates a page, a tenth of the pages with an earlier version that
said other things, and a footer with candidates on each page. A sentence is one of its page, one that its site repeats,
or one that many sites have; its words are as common and as rare as words are. The ledger, the list and its filters are
made by the passes. Each request is made five times; printed are the first answer and the median of the others, in
milliseconds of the processor, of this process with all its threads. Filters are then combined at random, and the
slowest combinations are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from crawler.engine.rule_files import load_rules
from db.coding.votes_file import claim_unit, voting
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import atomic, open_corpus
from db.datasette.serve import datasette_of
from db.passes.claim_list import CLAIM_LIST
from db.passes.claims import CLAIM_LEDGER, CODEBOOK
from db.passes.driver import run_pass
from pipelines.coding.codebook import load_codebook
from pipelines.text.encode import dump, sha256
from pipelines.text.normalise import fold_line
from tests.support.desk import ALONE
from tests.support.web import WORDS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from datasette.app import Datasette

A_SITE = 250
A_PAGE = 30  # candidates
FOOTER = 4  # candidates of a site's footer
EARLIER = 10  # one page of so many had another text before
VOTES = 2_000
VOCABULARY = 30_000
LIMIT = 100.0  # ms
REPEATS = 5
FIRST, SECOND = "2026-01-0{}T03:00:{:02}+00:00", "2026-02-0{}T03:00:{:02}+00:00"
STATES = ("OR", "WA", "TX", "NY", "FL", "MD", "VA", "WY")
CLASSES = ("clinic", "clinic", "clinic", "telehealth", "publisher")
TYPES = ("service", "faq", "price", "blog", "condition", "about", "other")
COMMON = ("ketamine", "patients", "depression", "treatment", "infusion", "relief", "clinic", "pain")
INSERT_CLAIM = "INSERT OR IGNORE INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'x')"


class Coded(NamedTuple):
    """A code and the values that a cue may suggest."""

    id: str
    values: tuple[str, ...]


class Written(NamedTuple):
    """A text with its SHA-256."""

    digest: str
    text: str


class Maker:
    """Writes sentences, texts with their candidates, and the pages that show them."""

    def __init__(self, db: sqlite3.Connection, codes: list[Coded]) -> None:
        self.db = db
        self.codes = codes
        self.rng = random.Random(7)
        self.shared = [self.sentence() for _ in range(2_000)]

    def sentence(self) -> str:
        """Write a sentence: one of few common words, ten that every page has, rarer ones as rare as words are."""
        rng = self.rng
        rare = (f"word{int(VOCABULARY ** rng.random())}" for _ in range(3))
        words = [*rng.sample(COMMON, 2), *(rng.choice(WORDS) for _ in range(8)), *rare]
        rng.shuffle(words)
        percent = f" {rng.randrange(5, 100)}%" if rng.random() < 0.1 else ""
        return f"{' '.join(words).capitalize()}{percent}."

    def text(self, sentences: list[str]) -> Written:
        """Store a text in which each sentence is a candidate for one code, with a plain sentence after every third."""
        lines, claims, place = [], [], 0
        for number, sentence in enumerate(sentences):
            line = f"{sentence} We are open on weekdays." if number % 3 == 2 else sentence
            code = self.codes[int(sha256(sentence)[:8], 16) % len(self.codes)]
            claims.append((place, sentence, code, self.rng.choice(code.values)))
            lines.append(line)
            place += len(line) + 1
        text = "\n".join(lines)
        digest = sha256(text)
        self.db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", (digest, text, len(sentences) * 13))
        rows = (
            (
                sha256(f"{digest}{start}")[:16], digest, number, start, start + len(quote), start, start + 12, quote,
                sha256(fold_line(quote))[:16], code.id, value, "a cue",
            )
            for number, (start, quote, code, value) in enumerate(claims, 1)
        )  # fmt: skip
        self.db.executemany(INSERT_CLAIM, rows)
        return Written(digest, text)

    def site(self, number: int, pages: range) -> None:
        """Make a site with its pages, its repeated sentences and its footer."""
        host = f"clinic-{number}.example"
        self.db.execute(
            "INSERT INTO sites (id, host, advertiser, name, city, state, source_class, added_at)"
            " VALUES (?, ?, ?, ?, 'Tustin', ?, ?, ?)",
            (number, host, host, f"Clinic {number}", STATES[number % len(STATES)], CLASSES[number % len(CLASSES)],
             FIRST.format(1, 0)),
        )  # fmt: skip
        repeated = [self.sentence() for _ in range(60)]
        footer = self.text([self.sentence() for _ in range(FOOTER)])
        for page in pages:
            self.page(page, number, host, repeated, footer)

    def page(self, page: int, site: int, host: str, repeated: list[str], footer: Written) -> None:
        """Make a page: its text now, on one page of some the text before, and the footer of its site."""
        url, rng = f"http://{host}/page-{page}", self.rng
        self.db.execute(
            "INSERT INTO pages (id, url, site, how, found_at, state, outcome, crawl, due_at)"
            " VALUES (?, ?, ?, 'link', ?, 'live', 'unchanged', 2, ?)",
            (page, url, site, FIRST.format(1, 0), SECOND.format(1, 0)),
        )
        version = 0
        for at in (FIRST, SECOND)[0 if page % EARLIER == 0 else 1 :]:
            sentences = [
                self.sentence() if kind < 0.5 else rng.choice(repeated) if kind < 0.9 else rng.choice(self.shared)
                for kind in (rng.random() for _ in range(A_PAGE))
            ]
            text = self.text(sentences)
            version = self.version(page, url, at.format(1 + page % 9, page % 60), text)
            for region, shown in (("text", text), ("boilerplate", footer)):
                self.db.execute("INSERT INTO version_regions VALUES (?, ?, ?)", (version, region, shown.digest))
        self.db.execute("UPDATE pages SET version = ?, latest = ? WHERE id = ?", (version, version, page))

    def version(self, page: int, url: str, at: str, text: Written) -> int:
        """Store a capture and the version that it showed; gives its number."""
        capture = self.db.execute(
            "INSERT INTO captures (page, crawl, url, fetched_at, status, outcome, body_sha256, body_bytes, warc_file,"
            " warc_offset, warc_length, robots)"
            " VALUES (?, 1, ?, ?, 200, 'new', ?, 9000, 'a.warc.gz', ?, 900, 'allowed')",
            (page, url, at, text.digest, page * 1_000),
        ).lastrowid
        version = self.db.execute(
            "INSERT INTO captured_versions (page, capture, first_seen, last_confirmed) VALUES (?, ?, ?, ?)",
            (page, capture, at, at),
        ).lastrowid
        self.db.execute(
            "INSERT INTO readings (version, extractor, text_sha256, duplicate_key, page_type, words, title)"
            " VALUES (?, 'x', ?, ?, ?, 400, ?)",
            (version, text.digest, text.digest[:16], TYPES[page % len(TYPES)], f"Page {page}"),
        )
        self.db.execute("INSERT INTO contents VALUES (?, ?, 400, ?, '[]')", (version, text.digest, text.digest[:16]))
        self.db.execute("INSERT INTO relevance VALUES (?, 1, 'on topic', '[]')", (version,))
        return int(version or 0)


def build(path: Path, pages: int) -> None:
    """Make the corpus; prints how long each pass took."""
    rules = load_rules()
    codes = [
        Coded(code.id, tuple(code.values) if code.type in ("category", "set") else ("yes",))
        for code in load_codebook(rules.codebook).codes
    ]
    with closing(open_corpus(path)) as db:
        db.execute("PRAGMA synchronous = off")
        db.execute("PRAGMA foreign_keys = off")
        db.execute("PRAGMA wal_autocheckpoint = 100000")
        with atomic(db):
            db.executemany(
                "INSERT INTO crawls (id, started_at, status, scope, settings, tools)"
                " VALUES (?, ?, 'finished', ?, ?, ?)",
                [(number, at.format(1, 0), "{}", "{}", dump({})) for number, at in ((1, FIRST), (2, SECOND))],
            )
            maker = Maker(db, codes)
            for site, start in enumerate(range(1, pages + 1, A_SITE), 1):
                maker.site(site, range(start, min(start + A_SITE, pages + 1)))
        for one in (CODEBOOK, CLAIM_LEDGER, CLAIM_LIST):
            before = time.process_time()
            run_pass(db, one, rules)
            print(f"pass {one.name}: {time.process_time() - before:.0f} s of the processor")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _vote(path)


def _vote(path: Path) -> None:
    """Let the one person who codes decide some sentences."""
    with closing(open_corpus(path)) as db:
        rows = db.execute(
            "SELECT text_sha256, quote, code FROM claims WHERE rowid % 37 = 0 LIMIT ?", (VOTES,)
        ).fetchall()
    with voting(path) as review:
        for number, (text, quote, code) in enumerate(rows):
            unit, value = claim_unit(text, quote), ("yes", "no", "unclear")[number % 3]
            vote = Vote(SECOND.format(1, 0), "reader", "claim", unit, code, value, quote=quote, text_sha256=text)
            cast_votes(review, [vote], f"decision {number}")


def requests(codes: list[str]) -> dict[str, dict[str, object]]:
    """Name single filters and hard combinations, with the arguments of each."""
    return {
        "all": {},
        "far down": {"before": 1_000},
        "code": {"code": codes[0]},
        "state": {"state": "MD"},
        "class": {"class": "clinic"},
        "page type": {"page_type": "blog"},
        "region": {"region": "boilerplate"},
        "no longer shown": {"seen": "gone"},
        "a clinic": {"clinic": "clinic-7.example"},
        "part of a name": {"clinic": "nic 3"},
        "percent": {"percent": 90},
        "confirmed": {"status": "confirmed"},
        "candidates": {"status": "candidate"},
        "a common word": {"q": "ketamine"},
        "a rare word": {"q": "word17001"},
        "a word between": {"q": "word55"},
        "three common words": {"q": "ketamine patients depression"},
        "phrase of common words": {"q": '"ketamine patients"'},
        "phrase that nobody says": {"q": '"pain pain pain"'},
        "beginning of many words": {"q": "word1*"},
        "beginning of a common word": {"q": "ketam*"},
        "without a common word": {"q": "patients -ketamine"},
        "one or other": {"q": "word1234 OR ketamine OR relief"},
        "nothing in common": {"q": '"ketamine pain"', "code": codes[1], "state": "WY", "seen": "gone", "percent": 99},
        "all filters": {"q": "ketamine", "code": codes[0], "state": "OR", "class": "clinic", "page_type": "faq",
                        "region": "text", "seen": "now", "percent": 10, "clinic": "clinic", "status": "candidate"},
    }  # fmt: skip


def combinations(codes: list[str], count: int) -> Iterator[dict[str, object]]:
    """Combine filters at random."""
    rng = random.Random(11)
    offered: dict[str, tuple[object, ...]] = {
        "q": (
            "ketamine",
            "patients -pain",
            '"ketamine patients"',
            '"relief clinic pain"',
            "word9*",
            "word77",
            "depres*",
        ),
        "code": tuple(codes),
        "state": STATES,
        "class": CLASSES,
        "page_type": TYPES,
        "region": ("text", "boilerplate"),
        "seen": ("now", "gone"),
        "percent": (10, 50, 95),
        "clinic": ("clinic-12.example", "nic 1", "nobody"),
        "status": ("candidate", "confirmed", "rejected"),
        "before": (500, 50_000, 1_000_000),
    }  # fmt: skip
    for _ in range(count):
        names = rng.sample(sorted(offered), rng.randrange(2, 6))
        yield {name: rng.choice(offered[name]) for name in names}


def cost(datasette: Datasette, query: dict[str, object]) -> float:
    """Ask for a page; gives milliseconds of the processor."""
    before = time.process_time()
    answer = asyncio.run(datasette.client.get(f"/-/claims?{urlencode(query)}"))
    spent = (time.process_time() - before) * 1000
    if answer.status_code != 200 or "given up" in answer.text:
        raise RuntimeError(f"{query}: {answer.status_code}")
    return spent


def main() -> None:
    """Make the corpus, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=100_000)
    parser.add_argument("--combinations", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (chosen.keep or Path(folder)) / "corpus.db"
        if not path.exists():
            build(path, chosen.pages)
        report(path, chosen.combinations)


def report(path: Path, count: int) -> None:
    """Print what each request costs, and which are the slowest combinations."""
    with closing(open_corpus(path)) as db:
        for table in ("pages", "claims", "claim_ledger", "claim_list", "claim_filters"):
            print(f"{table:<14} {db.execute(f'SELECT count(*) FROM {table}').fetchone()[0]:>12,}")
        codes = [code for (code,) in db.execute("SELECT DISTINCT value FROM claim_filters WHERE filter = 'code'")]
    datasette = datasette_of(path, ALONE)
    cost(datasette, {"q": "warm"})
    slowest = 0.0
    for name, query in requests(codes).items():
        first, *others = (cost(datasette, query) for _ in range(REPEATS))
        slowest = max(slowest, median(others))
        print(f"{name:<28} {first:>7.1f} {median(others):>7.1f} ms")
    costs = sorted(((cost(datasette, query), query) for query in combinations(codes, count)), key=lambda one: -one[0])
    found = [spent for spent, _ in costs]
    print(f"{count} combinations: median {median(found):.1f}, p95 {quantiles(found, n=20)[-1]:.1f}, slowest:")
    for spent, query in costs[:5]:
        print(f"  {spent:>7.1f} ms {dump(query)}")
    print(f"slowest of all {max(slowest, found[0]):.1f} ms; limit {LIMIT:.0f} ms")


if __name__ == "__main__":
    main()
