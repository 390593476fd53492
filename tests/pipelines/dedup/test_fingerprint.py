"""What a text is known by: the same on every machine, whatever the text."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from pipelines.dedup import masks, similarity
from pipelines.dedup.fingerprint import fingerprint
from pipelines.text.hashes import split_words

PLACES = masks.load_gazetteer("# towns\nTustin\nCosta Mesa\nCalifornia\nAustin")
PAGE = (
    "Ketamine infusions in {town} are given by nurses who stay for the whole session. People in {town} come to {name} "
    "with depression that no tablet has helped. Call {name} at {phone} and we will find a time. Most people of {town} "
    "feel better within a week, and some need a second course in the same year."
)


def page(town: str, name: str, phone: str):
    """Take the fingerprint of a clinic's page."""
    host = name.lower().replace(" ", "") + ".example"
    text = PAGE.format(town=town, name=name, phone=phone)
    return fingerprint(text, masks.page_masks(PLACES, frozenset(), frozenset({name}), host))


def test_hashes_stay_what_they_are():
    """The numbers on disk are those of every other machine and release."""
    known = fingerprint("Ketamine at home is not approved")
    assert known.exact.hex() == "5a89cf7d6a1436bdc23dd51feba81a44"
    assert known.raw.tolist() == [1993659007311846997, 5318400233140250221, 6676613304855239594, 14601442875307806277]


def test_swapped_names_are_no_difference():
    """City, brand and phone swapped: the text as it stands is less than half the same, masked it is the same."""
    one = page("Tustin", "Cedar Hollow Ketamine", "(714) 555-0101")
    two = page("Costa Mesa, California", "Blue Heron Wellness", "(512) 555-0177")
    assert similarity.overlap(one.raw, two.raw).jaccard < 0.5
    assert similarity.overlap(one.masked, two.masked).jaccard == 1


def test_a_town_in_a_clinic_s_name_is_the_town():
    """The word Austin on a page of Austin Ketamine is the city; the whole name is the clinic."""
    one = page("Austin", "Austin Ketamine", "(512) 555-0101")
    two = page("Tustin", "Cedar Ketamine", "(512) 555-0101")
    assert np.array_equal(one.masked, two.masked)


def test_another_text_is_another():
    """Masks do not make texts alike that have nothing in common but names."""
    one = page("Tustin", "Cedar Hollow Ketamine", "(714) 555-0101")
    two = fingerprint("Tustin, Costa Mesa, Austin, 1, 2, 3. " + " ".join(f"word{chr(97 + n)}" for n in range(26)))
    assert similarity.relation(*(similarity.overlap(one.raw, two.raw),) * 2) is None


def test_half_of_a_text_that_repeats_itself_is_half_of_it():
    """A page that says its piece twice is no copy of a page that says it once, and holds it."""
    piece = fingerprint(PAGE)
    twice = fingerprint(f"{PAGE} {PAGE}")
    raw = similarity.overlap(piece.raw, twice.raw)
    assert similarity.relation(raw, similarity.overlap(piece.masked, twice.masked)) is similarity.Relation.CONTAINED


def test_a_list_of_towns_counts_once():
    """What a list repeats once its towns are masked is said once: two lists of other lengths are the same."""
    listed = ["Walk in: " + ", ".join(["Tustin by bus", *["Austin by bus"] * times]) for times in (3, 9)]
    known = masks.page_masks(PLACES, frozenset(), frozenset(), "")
    few, many = (fingerprint(f"{PAGE} {one}", known) for one in listed)
    assert np.array_equal(few.masked, many.masked)
    assert len(few.raw) < len(many.raw)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", 0),
        ("😀 🎉 — …", 0),
        ("ketamine " * 5_000, 4_998),
        ("2024 2025 " * 3, 4),
        ("علاج الاكتئاب بالكيتامين في العيادة", 3),
        ("氯胺酮治疗抑郁症", 6),
        ("การรักษาด้วยคีตามีน", 17),
        ("\ud800 \x00 word", 1),
    ],
)
def test_any_text_has_a_fingerprint(text, runs):
    """Empty, emoji, one word again and again, numbers, right to left, scripts without spaces, broken characters."""
    assert len(fingerprint(text, masks.page_masks(PLACES, frozenset(), frozenset(), "")).raw) == runs


def test_ten_megabytes_are_read():
    """A text of 10 MB has the fingerprint that its words have."""
    text = " ".join(f"w{n:x}" for n in range(1_400_000))
    assert len(text) > 10_000_000
    assert len(fingerprint(text).raw) == 1_400_000 - 2


def test_copies_in_chinese_are_copies():
    """Characters stand for words where a script has no spaces."""
    one, two = "氯胺酮输液治疗难治性抑郁症的效果很快" * 2, "氯胺酮输液治疗难治性抑郁症的效果很慢" * 2
    shared = similarity.overlap(fingerprint(one).raw, fingerprint(two).raw)
    assert similarity.is_near(shared)
    assert split_words("氯胺酮 ketamine") == ["氯", "胺", "酮", "ketamine"]


def test_an_indexed_set_shares_what_two_sets_share():
    """Compared with many others, a set gives the overlap that comparing two by two gives; empty ones too."""
    rng = np.random.default_rng(1)
    sets = [np.unique(rng.integers(0, 1 << 12, size).astype(np.uint32) * 70_001) for size in (0, 1, 40, 900, 900)]
    for one, other in product(sets, sets):
        assert similarity.IndexedSet(one).overlap(other) == similarity.overlap(one, other)
