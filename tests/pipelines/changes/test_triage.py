"""Changes that matter stand above those that do not, and the reasons say why."""

from __future__ import annotations

import pytest

from crawler.engine.plan import load_rules
from db.passes.weights import weights
from demo.watched.plan import COSMETIC, MATERIAL
from pipelines.changes.diff import diff_texts
from pipelines.changes.triage import load_triage, score_edit
from pipelines.model.errors import UsageError

RULES = weights(load_rules())
BESIDE = "We have seen patients in this house since 2014. Bring a friend, a blanket and your own music."


def verdict(before: str, after: str, page_type: str = "service", region: str = "text"):
    """Weigh an edit of one sentence on a page of some hundred words."""
    diff = diff_texts(f"{BESIDE}\n{before}", f"{BESIDE}\n{after}")
    return score_edit(RULES, {region: diff}, page_type, 300)


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
    scored = verdict(*MATERIAL[what])
    assert cue in scored.cues
    assert scored.is_material
    assert any(cue in reason for reason in scored.reasons)


def test_text_that_moved_cancels_out():
    """A claim that only stands elsewhere now is no material change."""
    claim = MATERIAL["claim"][1]
    diff = diff_texts(f"{claim}\n{BESIDE}\nMore.", f"{BESIDE}\nMore.\n{claim}")
    scored = score_edit(RULES, {"text": diff}, "service", 300)
    assert (scored.cues, scored.score) == ((), 0.01)


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


BROKEN = """[kinds]
new = 0.3
[[cues]]
name = "price"
weight = 0.4
pattern = '[$]'
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("0.3", "3", "t.toml:2: kinds: new must be at most 1, not 3"),
        ("0.4", '"much"', "t.toml:5: cue price: weight must be a number, not 'much'"),
        ("'[$]'", "'[$'", "t.toml:6: cue price: pattern is no regular expression"),
        ("'[$]'", "3", "t.toml:6: cue price: pattern must be text in quotes, not 3"),
        ("pattern", "patern", "t.toml:6: cue price: unknown field 'patern'; known are name, weight, pattern"),
        ('name = "price"\n', "", "t.toml:3: cue 1: has no name; add a line name = ..."),
        ("[kinds]", "[kinds", "t.toml:1: this is not TOML"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(old, new, line):
    """File, line, what is wrong and what to do, before anything starts."""
    load_triage(BROKEN, "t.toml")
    with pytest.raises(UsageError) as error:
        load_triage(BROKEN.replace(old, new), "t.toml")
    assert str(error.value).startswith(line)
    assert "\n" not in str(error.value)
