"""Ground truth for families, by construction: texts that nothing was tuned on, edited in ways whose extent is known.

Each word of an edited text is either a word of its source, by its place there, or a word that the edit brought in, by a
number of its own; a swapped city, brand or phone is the same word as before, as a swap makes no other text. What two
texts have in common is counted on these identities, with none of the code that is measured.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from demo.world import make_world
from pipelines.reading.read import read
from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGES = ROOT / ".." / "shared" / "html-dev"
HELD_OUT = ROOT / "tests" / "bench" / "family_held_out.txt"
BRANDS = [
    "Cedar Hollow Ketamine",
    "Blue Heron Wellness",
    "Larkspur Infusions",
    "Northgate Mind Center",
    "Quietwater Clinic",
]
TOWNS = [
    "Tustin, California",
    "Costa Mesa, California",
    "Round Rock, Texas",
    "Naperville, Illinois",
    "Fort Collins, Colorado",
    "Chapel Hill, North Carolina",
    "Bellevue, Washington",
    "Scottsdale, Arizona",
]
#: a call to action, a header and a footer as agencies put them on the pages of all their clients
CALL = (
    "Are you ready to take the first step? Call our friendly team today for a free consultation and find out whether"
    " this is the right choice for you. We answer most questions within one working day and evenings are possible."
)
HEADER = "This article first appeared in our partner network and is shown here with the kind permission of its authors."
FOOTER = (
    "About this network: we bring together independent writers and local businesses from all over the country. Nothing"
    " on this page is medical advice. Ask your own doctor before you begin or stop a treatment."
)
_fresh = count(1)


@dataclass(frozen=True)
class Token:
    """A word as it is written, and what it is: where it stood in its source, or a number of its own."""

    word: str
    identity: object


Text = list[list[Token]]  # paragraphs


@dataclass(frozen=True)
class Sample:
    """A text of the ground truth, with what a site would say of itself."""

    source: int
    edit: str
    text: str
    words: Counter
    brand: str
    town: str


def foreign(words: str) -> list[Token]:
    """Give words that belong to no source; the same words are the same wherever they are put in."""
    return [Token(word, ("foreign", words, place)) for place, word in enumerate(words.split())]


def replaced(rng: random.Random, text: Text, share: float, words: list[str]) -> Text:
    """Put another word in the place of a share of the words, as a thesaurus would."""

    def other(token: Token) -> Token:
        if token.word.startswith("{") or rng.random() >= share:
            return token
        return Token(rng.choice(words), ("new", next(_fresh)))

    return [[other(token) for token in part] for part in text]


def dropped(rng: random.Random, text: Text, share: float) -> Text:
    """Leave paragraphs out until a share of the words is gone."""
    kept, goal = list(text), sum(map(len, text)) * (1 - share)
    while len(kept) > 2 and sum(map(len, kept)) > goal:
        kept.pop(rng.randrange(len(kept)))
    return kept


def excerpt(rng: random.Random, text: Text, share: float) -> Text:
    """Take a passage out of the middle."""
    tokens = [token for part in text for token in part]
    size = int(len(tokens) * share)
    start = rng.randint(0, len(tokens) - size)
    return [tokens[start : start + size]]


def extended(rng: random.Random, text: Text, factor: float, words: list[str]) -> Text:
    """Write more around a text, so that it is so many times as long."""
    more = int(sum(map(len, text)) * (factor - 1))
    new = [[Token(rng.choice(words), ("new", next(_fresh))) for _ in range(40)] for _ in range(more // 40 + 1)]
    return [*new[: len(new) // 2], *text, *new[len(new) // 2 :]]


def formatted(text: Text) -> Text:
    """Write a text with other cases; the names stay."""

    def other(place: int, token: Token) -> Token:
        return token if "{" in token.word or place % 7 else Token(token.word.upper(), token.identity)

    return [[other(place, token) for place, token in enumerate(part)] for part in text]


def edits(rng: random.Random, words: list[str]) -> dict[str, Callable[[Text], Text]]:
    """Name the edits; what is a swap of names only is done when the names are put in."""
    return {
        "itself": lambda text: text,
        "written otherwise": formatted,
        "city swapped": lambda text: text,
        "brand swapped": lambda text: text,
        "city, brand and phone swapped": lambda text: text,
        "synonyms 5 %": lambda text: replaced(rng, text, 0.05, words),
        "synonyms 10 %": lambda text: replaced(rng, text, 0.10, words),
        "synonyms 20 %": lambda text: replaced(rng, text, 0.20, words),
        "paragraphs dropped": lambda text: dropped(rng, text, 0.2),
        "paragraphs in another order": lambda text: rng.sample(text, len(text)),
        "call to action added": lambda text: [*text, foreign(CALL)],
        "syndicated": lambda text: [foreign(HEADER), *text, foreign(FOOTER)],
        "extended 2x": lambda text: extended(rng, text, 2, words),
        "extended 4x": lambda text: extended(rng, text, 4, words),
        "excerpt of a half": lambda text: excerpt(rng, text, 0.5),
        "excerpt of a third": lambda text: excerpt(rng, text, 0.34),
    }


def halves() -> dict[str, list[str]]:
    """Give the texts of both halves; those held out are named in a file, so that another reader moves none of them.

    A source that is new is for development: what is held out was never looked at.
    """
    held = set(HELD_OUT.read_text(encoding="utf-8").splitlines())
    texts = source_texts() | demo_texts()
    return {
        "development": [text for name, text in texts.items() if name not in held],
        "held out": [text for name, text in texts.items() if name in held],
    }


def source_texts() -> dict[str, str]:
    """Read the pages with our reader: one page a host, so that no two of them are of one hand, 120 words and more."""
    hosts: set[str] = set()
    found = {}
    for line in (PAGES / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        host = urlsplit(entry["url"]).hostname or ""
        page = PAGES / "html" / f"{entry['id']}.html.gz"
        if host in hosts or not page.exists():
            continue
        text = read(gzip.decompress(page.read_bytes()), entry["url"]).text
        if len(text.split()) >= 120:
            hosts.add(host)
            found[entry["id"]] = text
    return found


def demo_texts(pages: int = 300) -> dict[str, str]:
    """Write the pages of the demo web that are of no planted family."""
    truth = make_world(3, pages).truth(0).items()
    texts = {url: "\n".join(one.lines) for url, one in truth if one.distinct and not one.family and not one.copy_of}
    return {url: text for url, text in texts.items() if len(text.split()) >= 120}


def tokens_of(source: int, text: str, rng: random.Random) -> Text:
    """Take a text apart; every third sentence speaks of the clinic, its town or its phone.

    A sentence is the same wherever it stands: what two pages share from the beginning is known that way.
    """
    parts = [re.split(r"(?<=[.!?])\s+", part) for part in text.split("\n")]
    told = [[token for sentence in part for token in _said(source, sentence, rng)] for part in parts]
    return [part for part in told if part]


def _said(source: int, sentence: str, rng: random.Random) -> list[Token]:
    words = sentence.split()
    told = [Token(word, (sentence, place)) for place, word in enumerate(words)]
    if len(words) > 6 and rng.random() < 0.33:
        mention = rng.choice(["At {brand} in {town}.", "Ask {brand} at {phone}.", "Here in {town} too."])
        told += [Token(word, ("mention", source, sentence, word)) for word in mention.split()]
    return told


def samples(texts: list[str], seed: int) -> Iterator[Sample]:
    """Edit each text in every way, and write hard negatives: short pages, and pages with the same call to action."""
    rng = random.Random(seed)
    words = sorted({word.lower() for text in texts for word in re.findall(r"[A-Za-z]{4,}", text)})
    ways = edits(rng, words)
    for source, text in enumerate(texts):
        tokens = tokens_of(source, text, rng)
        home = rng.choice(BRANDS), rng.choice(TOWNS), _phone(rng)
        for name, edit in ways.items():
            brand = rng.choice(BRANDS) if "brand" in name else home[0]
            town = rng.choice(TOWNS) if "city" in name else home[1]
            phone = _phone(rng) if "phone" in name else home[2]
            yield _sample(source, name, edit(tokens), (brand, town, phone))
        yield from _negatives(source, tokens, rng, home)


def _negatives(source: int, text: Text, rng: random.Random, names: tuple[str, str, str]) -> Iterator[Sample]:
    """Write pages of other subjects that end alike; of every other source only."""
    if source % 2:
        return
    start = rng.randrange(max(1, sum(map(len, text)) - 60))
    bit = [token for part in text for token in part][start : start + 60]
    short = [Token(token.word, ("negative", source, place)) for place, token in enumerate(bit[:30])]
    yield _sample(-2 * source - 1, "short page", [short], names)
    page = [Token(rng.choice(bit).word, ("negative", source, place)) for place in range(60, 180)]
    yield _sample(-2 * source - 2, "same call to action", [page, foreign(CALL), foreign(FOOTER)], names)


def _phone(rng: random.Random) -> str:
    return f"({rng.randint(201, 989)}) 555-0{rng.randint(100, 199)}"


def _sample(source: int, name: str, text: Text, names: tuple[str, str, str]) -> Sample:
    brand, town, phone = names
    lines = [" ".join(token.word for token in part) for part in text]
    written = "\n".join(lines).replace("{brand}", brand).replace("{town}", town).replace("{phone}", phone)
    return Sample(source, name, written, Counter(token.identity for part in text for token in part), brand, town)
