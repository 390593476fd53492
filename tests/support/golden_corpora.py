"""Two small corpora in which every pass has something to do, and the rules that they are judged by: both never change.

What comes out of the passes on them is digested (``tests/db/passes/test_golden.py``).
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from db.coding.team import SINGLE_CODER
from db.coding.votes_file import open_review
from db.corpus.connection import open_corpus
from db.corpus.probes import insert_probe
from db.passes.registry import run_passes
from db.passes.rules import Rules
from demo.families import spin
from demo.world import make_world
from pipelines.model.records import Probe, ProbeKind, Reading
from tests.support.made_corpus import ABOUT, HOST, NOW, RULES, crawl_texts
from tests.support.made_families import made_families
from tests.support.rows_by_hand import insert_row

if TYPE_CHECKING:
    from pathlib import Path

RATE = "Eight of ten patients on our ketamine infusions get better within two weeks."
SAFE = "A ketamine infusion has no side effects at all, and nobody has ever come to harm by it."
SORRY = "We are tidying up, and the painter has gone for lunch. Call us in the meantime, or come back tomorrow."
SHRUG = "Our shelves are many, and whatever was here may have been sold to somebody before you came by today."
FRAME = "Call our front desk at any time of the day to ask about ketamine infusions and what they cost here."
RISKS = """
set = "risks"
version = "1"
valid_from = 2020-01-01
title = "Risks"
source = "us"
note = ""
[[items]]
id = "bladder"
label = "Bladder"
note = "Of long use."
"""
CODED = Rules(
    topic=RULES.topic,
    places="Tustin\nIrvine",
    triage="""
[kinds]
gone = 0.55
[places]
title = 1.0
[[cues]]
name = "risk"
weight = 0.45
pattern = 'side effects|bladder'
""",
    codebook="""
name = "golden"
version = "1"
[vocabulary]
people = "(?:patients|people)"
[[codes]]
id = "E1_rate"
name = "Rate"
level = "sentence"
type = "boolean"
key = "a"
definition = "How many get better."
positive = "Eight of ten patients get better."
negative = "Ask us."
source = "us"
[[codes.cues]]
name = "so many of ten"
words = ["of"]
pattern = '[a-z]{2,9} of ten {people}'
[[codes]]
id = "K3_safe"
name = "Safe"
level = "sentence"
type = "boolean"
key = "b"
definition = "Is said to be safe."
positive = "It has no side effects."
negative = "It has side effects."
source = "us"
[[codes.cues]]
name = "none at all"
words = ["side"]
pattern = "no side effects"
""",
    references=(("risks.toml", RISKS),),
)


def a_long_text() -> str:
    """Give a text of the demo web of more than 300 words, so long that a spun version of it can be told."""
    pages = make_world(5).truth(0).values()
    return next(text for page in pages if page.distinct and len((text := "\n".join(page.lines)).split()) > 300)


def history() -> list[dict[str, str | Reading | None]]:
    """Give what a site shows in four crawls: edits, counters, moves, pages that go, answers that are no page."""
    long = a_long_text()
    pages: dict[str, str | None] = {
        "/": f"Ketamine clinic\n{ABOUT}",
        "/fees": f"Fees\nOne infusion of ketamine costs $400, and a nurse is there for all of it.\n{RATE}",
        "/risks": f"Risks\nLong use of ketamine may harm the bladder, and we ask about it at each visit.\n{ABOUT}",
        "/copy": f"Ketamine clinic\n{ABOUT}",
        "/near": f"Ketamine clinic\n{ABOUT} One more line about ketamine at this clinic in Tustin.",
        "/parking": "Parking\nThe yard behind the house has room for six cars until the evening.",
        "/old": f"Who we are\nOur nurses have given ketamine since 2012 and write down what patients tell. {SAFE}",
        "/gone": "Jobs\nWe look for a nurse with a calm voice who likes mornings, tea and long talks on ketamine.",
        "/long": long,
        "/spun": spin(long),
        "/p/shop": "Shop\nCups, blankets and music for the hours after the session can be had at the front desk.",
        **{f"/room/{n}": f"Room {n}\nRoom {n} looks at the {n}th tree of the garden, and a ketamine chair stands in it."
           for n in range(1, 5)},
    }  # fmt: skip
    edited = pages | {"/fees": str(pages["/fees"]).replace("$400", "$450").replace(RATE, SAFE), "/gone": None}
    moved = edited | {"/old": None, "/about-us": pages["/old"], "/p/shop": SHRUG}
    away = moved | dict.fromkeys(("/room/1", "/room/2", "/room/3"), SORRY) | {"/risks": "Loading"}
    return [
        {path: text and _shown(path, text, day) for path, text in shown.items()}
        for day, shown in enumerate((pages, edited, moved, away))
    ]


SAYINGS = ("The river finds its way around each stone.", "Patience opens the door that nobody sees.")


def _shown(path: str, text: str, day: int) -> str | Reading:
    """Add the line that each page of the site has, and in rooms a counter and, beside the text, a saying that turns."""
    if text in {"Loading", SORRY}:
        return text
    bell = f"\nThe bell has rung {day * 101 + int(path[-1]) * 7} times." if path[-1].isdigit() else ""
    whole = f"{text}\n{FRAME}{bell}"
    if not path.startswith("/room/"):
        return whole
    saying = SAYINGS[min(day, 1)]
    return Reading(
        whole, text.split("\n", maxsplit=1)[0], words=len(whole.split()), other_text=f"A thought\n{saying}\nWelcome"
    )


def make_history(path: Path) -> None:
    """Make the corpus of one site, with its answer for an address that nobody can know, and a person's decision."""
    with closing(open_corpus(path)) as db:
        for day, shown in enumerate(history(), 1):
            texts = {name: text for name, text in shown.items() if text}
            crawl_texts(db, path, texts, now=f"2026-03-0{day}T09:00:00+00:00", rules=CODED)
        db.execute("UPDATE pages SET depth = 1 WHERE url LIKE '%/p/%'")
        answer = Reading(f"{SHRUG}\n{FRAME}", SHRUG, words=len(f"{SHRUG} {FRAME}".split()))
        url = f"http://{HOST}/p/xqz"
        insert_probe(db, 3, Probe(ProbeKind.MISSING, 1, 1, url, NOW, NOW, reading=answer, outcome="read"))
        parking = (
            "SELECT content_sha256 FROM versions JOIN pages ON pages.version = versions.id WHERE url LIKE '%/parking'"
        )
        decide_topic(path, "text", db.execute(parking).fetchone()[0], "on topic")
        run_passes(db, CODED)


def decide_topic(corpus: Path, unit_type: str, decided: str, verdict: str) -> None:
    """Let the one person who codes put a text, or all pages of an advertiser, on or off the topic."""
    unit = {"round": "1", "code": "topic", "unit_type": unit_type, "unit": decided}
    with closing(open_review(corpus)) as review:
        vote = insert_row(
            review, "votes", at=NOW, coder=SINGLE_CODER, role="reader", value=verdict, page=1,
            version=1,
            blinded=1, decision=decided, **unit,
        )  # fmt: skip
        insert_row(review, "standing", coder=SINGLE_CODER, vote=vote, **unit)
        insert_row(review, "units", status="one", readers=1, value=verdict, **unit)


def make_web(path: Path) -> None:
    """Make the corpus of several advertisers, whose pages are copies of each other."""
    made_families(path)
    with closing(open_corpus(path)) as db:
        last = db.execute("SELECT max(advertiser) FROM sites").fetchone()[0]
        decide_topic(path, "advertiser", last, "off topic")
        run_passes(db, CODED)
