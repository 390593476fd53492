"""Changes that matter stand above those that do not, and the reasons say why."""

from __future__ import annotations

import pytest

from crawler.engine.plan import load_rules
from db.passes.weights import weights
from demo.watched.plan import COSMETIC, MATERIAL
from pipelines.changes.diff import diff_texts
from pipelines.changes.triage import load_triage, score_edit

RULES = weights(load_rules())
BESIDE = "We have seen patients in this house since 2014. Bring a friend, a blanket and your own music."


def verdict(before: str, after: str, page_type: str = "service", place: str = "text"):
    """Weigh an edit of one sentence on a page of some hundred words."""
    diff = diff_texts(f"{BESIDE}\n{before}", f"{BESIDE}\n{after}")
    return score_edit(RULES, {place: diff}, page_type, 300)


def test_every_material_edit_stands_above_every_cosmetic_one():
    """Claims, prices, approval, risks, routes and areas served rank above commas, typos and greetings."""
    material = {what: verdict(*pair).score for what, pair in MATERIAL.items()}
    cosmetic = {what: verdict(*pair).score for what, pair in COSMETIC.items()}
    assert min(material.values()) > 2 * max(cosmetic.values()), (material, cosmetic)


@pytest.mark.parametrize(
    ("what", "cue"), [("price", "price"), ("risk", "risk"), ("area", "area served"), ("route", "route")]
)
def test_reasons_name_what_the_words_touch(what, cue):
    """A reader sees which wording came or went."""
    told = verdict(*MATERIAL[what])
    assert cue in told.cues
    assert told.material
    assert any(cue in reason for reason in told.reasons)


def test_text_that_moved_cancels_out():
    """A claim that only stands elsewhere now is no material change."""
    claim = MATERIAL["claim"][1]
    diff = diff_texts(f"{claim}\n{BESIDE}\nMore.", f"{BESIDE}\nMore.\n{claim}")
    told = score_edit(RULES, {"text": diff}, "service", 300)
    assert (told.cues, told.score) == ((), 0.01)


def test_a_claim_that_stood_all_along_counts_for_nothing():
    """Where another sentence changes, the claims of the page are not touched."""
    claim = MATERIAL["claim"][1]
    assert verdict(f"{claim}\nTea is free.", f"{claim}\nCake is free.").cues == ()


def test_lists_of_posts_weigh_less():
    """The same edit counts for less on an archive than on a service page."""
    assert verdict(*MATERIAL["price"], page_type="archive").score < verdict(*MATERIAL["price"]).score


def test_without_a_file_amount_alone_decides():
    """A corpus whose rules name no cues still ranks by how much changed."""
    diff = diff_texts("One.", "One. Two more words here.")
    assert 0 < score_edit(load_triage(""), {"text": diff}, "service", 10).score < 0.5
