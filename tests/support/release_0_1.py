"""A small corpus as release 0.1 left it: its tables, its views, rows in its words, and WARC files with the pages.

That release wrote its judgements over what was captured: where it took a text back, the visit says so, its version is
gone, and only the capture and its bytes tell that it was there.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from crawler.archive.warc import Archive
from db.corpus.connection import evidence_folder
from db.corpus.store_visits import derived_columns
from db.schema import migrations
from pipelines.jobs import ReadJob, run
from pipelines.model.records import Fetch
from pipelines.reading.read import READER
from pipelines.text.encode import sha256
from pipelines.text.volatile_text import day_of_response
from tests.support.command import ROOT
from tests.support.rows_by_hand import insert_row
from tests.support.web import html, prose

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.model.records import Reading

DAYS = ("2026-03-01T09:00:00+00:00", "2026-03-08T09:00:00+00:00", "2026-03-15T09:00:00+00:00")
HOST = "old-ketamine.example"
LAST_STEP = "m_probes"
OLD_NAMES = {"duplicate_key": "copy_key", "region_hashes": "told", "boilerplate": "frame"}
SORRY = ["We are tidying up, and the painter has gone for lunch.", *prose("painter")]
# what release 0.1 wrote of a visit whose text it took back
NOISE = "only what changes by itself: 2 lines (counter: another number or name on each page)"
REORDERED = "tells the same in another order or other lines"
UNKNOWN = "says what the site says of an address that nobody can know (probe {})"
STOOD_IN = "the same answer stands in the place of 3 pages of the site"
MINE = "CREATE VIEW mine AS SELECT title, told, own_sha256 FROM versions"


def lines(path: str, *more: str) -> list[str]:
    """Write the sentences of a page."""
    return [*prose(path), *more]


#: path -> what the page shows in crawls 1 to 3, each with the outcome and reason that the visit ended up with
HISTORY: dict[str, tuple[tuple[list[str] | None, str, str], ...]] = {
    "/": ((lines("/"), "new", ""), (lines("/"), "unchanged", ""), (lines("/"), "unchanged", "")),
    "/fees": (
        (lines("fees", "An infusion costs $400."), "new", ""),
        (lines("fees", "An infusion costs $450."), "changed", "in text"),
        (lines("fees", "An infusion costs $450."), "unchanged", ""),
    ),
    # an edit that a rule of that release hid
    "/risks": (
        (lines("risks", "Ask us about the bladder."), "new", ""),
        (lines("risks", "Nobody needs to ask about the bladder."), "unchanged", NOISE),
        (lines("risks", "Nobody needs to ask about the bladder."), "unchanged", ""),
    ),
    "/hours": (
        (lines("hours", "We open at nine.", "We close at five."), "new", ""),
        (lines("hours", "We close at five.", "We open at nine."), "unchanged", REORDERED),
        (lines("hours", "We close at five.", "We open at nine."), "unchanged", ""),
    ),
    **{
        f"/room/{number}": (
            (lines(f"room {number}"), "new", ""),
            (SORRY, "soft 404", STOOD_IN),
            (lines(f"room {number}"), "unchanged", ""),
        )
        for number in (1, 2, 3)
    },
    "/shop": (
        (lines("shop"), "new", ""),
        (lines("shrug"), "soft 404", UNKNOWN.format(2)),
        (None, "gone", "answered 404"),
    ),
    # a first visit that showed what the site answers to any address: there was no text before
    "/lost": (
        (lines("shrug"), "soft 404", UNKNOWN.format(1)),
        (None, "gone", "answered 404"),
        (None, "gone", "answered 404"),
    ),
    # hardly a word was left, and the words were the site's way to say "not found"
    "/short": (
        (lines("short"), "new", ""),
        (["Oh no."], "soft 404", UNKNOWN.format(3)),
        (None, "gone", "answered 404"),
    ),
}
#: pages whose second text (or first, of /lost) release 0.1 took back
TAKEN_BACK = ("/risks", "/hours", "/room/1", "/room/2", "/room/3", "/shop", "/lost")


def release_0_1(path: Path) -> None:
    """Make the corpus at a path, with its folder of WARC files beside it: one crawl a week, three in all."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        _make_tables(db)
        db.execute("BEGIN")
        insert_row(db, "sites", id=1, host=HOST, advertiser=HOST, added_at=DAYS[0], frame_key="x")
        insert_row(db, "hosts", host=HOST, site=1)
        for page, url in enumerate(HISTORY, 1):
            insert_row(
                db, "pages", id=page, url=f"http://{HOST}{url}", site=1, how="link", found_at=DAYS[0], depth=page > 1
            )
        for crawl, day in enumerate(DAYS, 1):
            _crawl(db, evidence_folder(path), crawl, day)
        for number, (crawl, answer) in enumerate(((1, lines("shrug")), (2, lines("shrug")), (2, ["Oh no."])), 1):
            insert_row(
                db, "probes", id=number, crawl=crawl, site=1, kind="missing page", page=1, url=f"http://{HOST}/x{number}",
                at=DAYS[crawl - 1], outcome="read", title="Ketamine", text="\n".join(answer),
            )  # fmt: skip
        insert_row(db, "collapses", crawl=2, page=list(HISTORY).index("/short") + 1, title="Ketamine", text="Oh no.")
        db.execute(
            "INSERT INTO documents (id, title, site, state, source_class, page_type, verdict, words, first_seen,"
            " last_confirmed, url, version) SELECT pages.id, title, site, '', '', page_type, verdict, own_words, ?,"
            " versions.last_confirmed, url, versions.id FROM pages JOIN versions ON versions.id = pages.version"
            " WHERE pages.state = 'live'",
            (DAYS[0],),
        )
        db.execute("INSERT INTO versions_fts (versions_fts) VALUES ('rebuild')")
        db.execute("COMMIT")


def _make_tables(db: sqlite3.Connection) -> None:
    steps = Migrations("clinicwatch")
    for name, file in migrations.STEPS[: [name for name, _ in migrations.STEPS].index(LAST_STEP) + 1]:
        steps(name=name)(lambda database, file=file: [database.execute(sql) for sql in migrations.statements(file)])
    steps.apply(Database(db))
    db.executescript((ROOT / "tests" / "support" / "shape_0_1.sql").read_text(encoding="utf-8"))


def _crawl(db: sqlite3.Connection, folder: Path, crawl: int, day: str) -> None:
    """Write a crawl: a record and a capture for each answer, a version where release 0.1 kept one, a visit."""
    insert_row(
        db, "crawls", id=crawl, started_at=day, ended_at=day, status="finished", scope="{}", settings="{}", tools="{}"
    )
    folder.mkdir(exist_ok=True)
    with closing(Archive(folder, crawl, "clinicwatch/0")) as archive:
        for page, (url, history) in enumerate(HISTORY.items(), 1):
            said, outcome, reason = history[crawl - 1]
            body = html("One moment" if said is SORRY else f"Ketamine {url}", said) if said else b"not here"
            fetch = Fetch(f"http://{HOST}{url}", 200 if said else 404, (("Content-Type", "text/html"),), body)
            (place,) = archive.append([(fetch, day)])
            capture = insert_row(
                db, "captures", page=page, crawl=crawl, url=fetch.url, fetched_at=day, status=fetch.status,
                outcome=outcome, content_type="text/html", body_sha256=place.sha256, body_bytes=len(body),
                warc_file=place.file, warc_offset=place.offset, warc_length=place.length,
            )  # fmt: skip
            if outcome in {"new", "changed"}:
                reading = run(ReadJob(fetch.url, body, "text/html", today=day_of_response("", day))).reading
                assert reading
                _version(db, page, capture, day, reading)
            elif outcome == "unchanged":
                db.execute(
                    "UPDATE versions SET last_confirmed = ? WHERE id = (SELECT max(id) FROM versions WHERE page = ?)",
                    (day, page),
                )
            insert_row(db, "visits", crawl=crawl, page=page, at=day, outcome=outcome, reason=reason, capture=capture)
            state = "gone" if outcome in {"soft 404", "gone"} else "live"
            db.execute(
                "UPDATE pages SET outcome = ?, reason = ?, state = ?, crawl = ?, last_fetched = ?,"
                " version = (SELECT max(id) FROM versions WHERE page = pages.id) WHERE id = ?",
                (outcome, reason, state, crawl, day, page),
            )


def _version(db: sqlite3.Connection, page: int, capture: int, day: str, reading: Reading) -> None:
    """Insert a version with what the passes of release 0.1 made of it."""
    digest = sha256(reading.text)
    db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", (digest, reading.text, reading.words))
    row = {
        OLD_NAMES.get(name, name): value
        for name, value in derived_columns(READER, reading, digest, reading.text).items()
        if name not in {"details", "hidden", "prices"}  # which its reader did not give
    }
    insert_row(
        db, "versions", page=page, capture=capture, first_seen=day, last_confirmed=day, own_sha256=digest,
        own_words=reading.words, topic="x", topic_score=0.5, verdict="on topic", verdict_reasons="[]", held="[]", **row,
    )  # fmt: skip
