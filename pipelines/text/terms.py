"""Cut text into terms: folded words, and runs of two or three of them.

Folding takes case and accents away, so that "Depresión" and "depresion" are one term. Numbers count as words, so that
a CPT code or a milligram dose can be a term.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["STOP_WORDS", "Lexicon", "count_terms", "fold", "words"]

ADDRESSES = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}|https?://\S+|www\.\S+")
WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
FOREIGN = re.compile(r"[^\x00-\x7f]+")  # a text with a few curly quotes need not be walked letter by letter
BREAK = re.compile(r"[.!?;:\n|()\[\]\"“”]+")

STOP_WORDS = frozenset(
    """
    a about above after again all also although always am an and any are as at back be because become been
    before being below best between both but by can cannot could day did do does doing done down during each
    even every few first find for from full further get gets getting give given go good great had has have
    having he help her here hers him his how however i if in into is it its just keep know last least less let
    like little long made make makes many may me might more most much must my near need never new next no nor
    not now of off often on once one only open or other our ours out over own part people per place please put
    rather really same see seen set several she should since so some something soon still such take than that
    the their them then there these they thing things this those through time to today together too toward two
    under until up upon us use used using very via want was way we well were what when where whether which while
    who whole whom whose why will with within without work would year years yes yet you your yours it's don't
    that's we're you're they're can't i'm we'll you'll i've isn't doesn't el la los las un una de del y en que
    es por con para se su al lo como o a mas no si
    """.split()  # noqa: SIM905 (a list would be a screen long)
)


def fold(text: str) -> str:
    """Take case and accents away.

    >>> fold("Depresión")
    'depresion'
    """
    text = text.replace("’", "'")
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return FOREIGN.sub(lambda run: "".join(char for char in run[0] if not unicodedata.combining(char)), decomposed)


def words(text: str) -> list[str]:
    """Give the folded words of a text, without addresses of mail and web."""
    if "@" in text or "://" in text or "www." in text:  # few texts have one, and the search is half of the cost
        text = ADDRESSES.sub(" ", text)
    return [match.removesuffix("'s") for match in WORD.findall(fold(text))]


def count_terms(text: str) -> Counter[str]:
    """Count words and pairs of neighbours in one sentence, stop words aside; what learning looks at.

    >>> sorted(count_terms("Ketamine infusions for you."))
    ['infusions', 'ketamine', 'ketamine infusions']
    """
    counts: Counter[str] = Counter()
    for sentence in BREAK.split(ADDRESSES.sub(" ", text)):
        listed = words(sentence)
        for word, following in zip_longest(listed, listed[1:]):
            if word in STOP_WORDS or len(word) < 2:
                continue
            counts[word] += 1
            if following and following not in STOP_WORDS:
                counts[f"{word} {following}"] += 1
    return counts


class Lexicon:
    """Known terms of one to four words, found in running text in one walk; a term inside a longer one counts too."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, list[str]]]] = {}
        for term in terms:
            parts = words(term)
            if parts:
                self._by_first.setdefault(parts[0], []).append((" ".join(parts), parts))

    def count(self, listed: list[str]) -> Counter[str]:
        """Count the known terms in a list of words.

        >>> Lexicon(["ketamine", "ketamine infusion"]).count(words("A ketamine infusion."))
        Counter({'ketamine': 1, 'ketamine infusion': 1})
        """
        return Counter(
            term
            for at, word in enumerate(listed)
            if word in self._by_first
            for term, parts in self._by_first[word]
            if listed[at : at + len(parts)] == parts
        )
