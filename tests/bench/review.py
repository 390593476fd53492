"""How long a coder waits: from a key to the next document on the screen, with 100,000 documents in the corpus.

``python -m tests.bench.review [DOCUMENTS]`` makes the corpus in a temporary folder, serves it as the command does,
and codes in a real browser by keyboard, for a coder at the beginning and for one with 20,000 decisions behind. The
time runs from the browser's own key event to the first frame with the next document.

"""

from __future__ import annotations

import contextlib
import itertools
import random
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from db.coding.votes_file import open_review
from db.corpus.connection import atomic, open_corpus
from pipelines.text.encode import sha256
from tests.support.browser import CHROMIUM, FLAGS
from tests.support.command import start
from tests.support.rows_by_hand import judge_version, put_version

if TYPE_CHECKING:
    import sqlite3

AT = "2026-03-01T09:00:00+00:00"
SOME = (
    "ketamine infusion clinic patient nurse depression relief within hours our team doctor dose safe session room blood"
    " pressure cost insurance therapy anxiety pain study percent of patients respond treatment approved label risk side"
    " effect bladder memory rest care call today first visit plan"
)
WORDS = SOME.split()
POOL = [" ".join(random.Random(seed).choices(WORDS, k=30)).capitalize() for seed in range(500)]
SHAPES: dict[str, dict[str, object]] = {
    "desk": {"viewport": {"width": 1400, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}},
}
CODED = 20_000
DECISIONS = 40
# of each queue the keys that decide a document; of a page that is read its one candidate is answered first
KEYS = {
    "task=topic&set=doubtful": "1",
    "task=topic&set=on+topic": "1",
    "task=claims": "y",
    "task=read": "yz",
    "task=page": "z",
}
WATCH = """() => {
  addEventListener("keydown", () => { window.pressed = performance.now(); window.shown = 0; }, true);
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => { window.shown = performance.now(); }, 0)))
    .observe(document.getElementById("review"), { childList: true });
}"""


def fill(db: sqlite3.Connection, documents: int) -> None:
    """Make so many documents on 500 sites, each with a text of its own of about 300 words and a claim candidate."""
    lot = random.Random(1)
    db.execute("PRAGMA foreign_keys = off")  # a page names its version before that is there: each would be looked for
    with atomic(db):
        db.execute(
            "INSERT INTO crawls (id, started_at, ended_at, status, scope, settings, tools) VALUES (1, ?, ?, 'finished',"
            " '{}', '{}', '{}')",
            (AT, AT),
        )
        for site in range(1, 501):
            row = (site, f"clinic-{site}.example", f"clinic-{site}.example", AT)
            db.execute("INSERT INTO sites (id, host, advertiser, added_at) VALUES (?, ?, ?, ?)", row)
        for number in range(1, documents + 1):
            _add(db, number, lot)


def _add(db: sqlite3.Connection, number: int, lot: random.Random) -> None:
    lines = [f"{line} {number}." for line in lot.choices(POOL, k=10)]
    text = f"Page {number}.\n" + "\n".join(lines)
    digest, url, site = sha256(text), f"http://clinic-{number % 500 + 1}.example/{number}", number % 500 + 1
    verdict = "doubtful" if number % 10 == 0 else "on topic"
    db.execute(
        "INSERT INTO pages (id, url, site, how, found_at, state, version) VALUES (?, ?, ?, 'link', ?, 'live', ?)",
        (number, url, site, AT, number),
    )
    db.execute(
        "INSERT INTO captures (id, page, crawl, url, fetched_at, status, outcome, body_sha256, body_bytes, warc_file,"
        " warc_offset, warc_length) VALUES (?, ?, 1, ?, ?, 200, 'new', '', 0, 'x', 0, 0)",
        (number, number, url, AT),
    )
    db.execute("INSERT INTO texts (sha256, text, words) VALUES (?, ?, 300)", (digest, text))
    version = put_version(db, number, number, AT, digest, 300, duplicate_key=digest, title=f"Page {number}")
    assert version == number
    judge_version(db, version, verdict)
    db.execute(
        "INSERT INTO documents (id, title, site, state, source_class, page_type, verdict, words, first_seen,"
        " last_confirmed, url, version) VALUES (?, ?, ?, 'OR', 'clinic', 'service', ?, 300, ?, ?, ?, ?)",
        (number, f"Page {number}", site, verdict, AT, AT, url, number),
    )
    quote = lines[2]
    begin = text.index(quote)
    db.execute(
        'INSERT INTO claims (id, text_sha256, sentence_no, "start", "end", mark_start, mark_end, quote, quote_key,'
        " code, value, cue, cue_version) VALUES (?, ?, 3, ?, ?, ?, ?, ?, ?, 'E1_rate', '', 'x', 'x')",
        (f"c{number}", digest, begin, begin + len(quote), begin, begin + 5, quote, sha256(quote)),
    )


def code_many(corpus: Path, coded: int) -> None:
    """Give the one coder so many decisions on the topic, and the votes of another reader beside them."""
    with contextlib.closing(open_review(corpus)) as db, atomic(db):
        db.execute("ATTACH ? AS corpus", (str(corpus),))
        for coder in ("reader", "other"):
            db.execute(
                "INSERT INTO votes (at, coder, role, round, unit_type, unit, code, value, text_sha256, page, version,"
                " blinded, decision) SELECT ?, ?, 'reader', '1', 'text', text_sha256, 'topic', 'on topic', text_sha256,"
                " page, id, 1, ? || id FROM corpus.versions WHERE verdict = 'on topic' ORDER BY id LIMIT ?",
                (AT, coder, coder, coded),
            )
        db.execute(
            "INSERT OR REPLACE INTO standing (round, coder, code, unit_type, unit, vote)"
            " SELECT round, coder, code, unit_type, unit, id FROM votes"
            " WHERE decision LIKE coder || '%' AND code = 'topic'"
        )
        db.execute(
            "INSERT OR REPLACE INTO units (round, code, unit_type, unit, status, readers, value)"
            " SELECT round, code, unit_type, unit, 'agreed', 2, value FROM votes"
            " WHERE coder = 'reader' AND code = 'topic'"
        )


def waits(address: str, task: str, shape: dict[str, object]) -> list[float]:
    """Decide so many times by key; gives the milliseconds from each key to the next document's first frame."""
    found = []
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        tab = browser.new_context(**shape).new_page()
        tab.goto(f"{address}/-/review/desk?{task}")
        tab.evaluate(WATCH)
        keys = itertools.cycle(KEYS[task])
        for _ in range(DECISIONS + 5):
            tab.keyboard.press(next(keys))
            tab.wait_for_function("() => window.shown > window.pressed")
            found.append(tab.evaluate("window.shown - window.pressed"))
        browser.close()
    return found[5:]


def report(corpus: Path, what: str) -> None:
    """Print the waits for each queue, on a desk and on a phone."""
    process = start("serve", "--db", corpus, "--port", 0)
    try:
        assert process.stdout
        address = next(word for word in process.stdout.readline().split() if word.startswith("http")).rstrip("/")
        for task in KEYS:
            for name, shape in SHAPES.items():
                times = sorted(waits(address, task, shape))
                print(
                    f"{what}, {task}, {name}: median {statistics.median(times):.0f} ms,"
                    f" 95 of 100 within {times[int(len(times) * 0.95)]:.0f} ms",
                    flush=True,
                )
    finally:
        process.terminate()
        process.communicate(timeout=20)


def main() -> None:
    """Make the corpus and print the figures."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.db"
        with contextlib.closing(open_corpus(corpus)) as db:
            fill(db, documents)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        report(corpus, f"{documents} documents, at the beginning")
        code_many(corpus, CODED)
        report(corpus, f"{documents} documents, {CODED} coded")


if __name__ == "__main__":
    main()
