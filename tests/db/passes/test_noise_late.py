"""Crawls that were not judged when they ended are judged later, in their order."""

from __future__ import annotations

from db.passes.registry import run_passes
from tests.support.browser import CARE, RULES, SITE, Shown, crawl_shown, open_site, reading
from tests.support.changed import DAYS


def faq(text: str) -> dict[str, Shown]:
    """Give the site with another text of its questions."""
    return SITE | {"/faq": Shown(reading(text, "Questions"))}


def test_crawls_are_judged_in_their_order(tmp_path):
    """The second text only orders its lines anew and is taken back; the third is compared with the first."""
    first, second = CARE + "\nThe bladder is watched.", "The bladder is watched.\n" + CARE
    with open_site(tmp_path / "c.db") as db:
        for day, text in zip(DAYS, (first, second, second.replace("watched", "safe")), strict=False):
            crawl_shown(db, tmp_path / "c.db", faq(text), day, judged=False)
        run_passes(db, RULES)
        rows = db.execute(
            "SELECT own.crawl, own.before = (SELECT min(id) FROM versions AS old WHERE old.page = own.page)"
            " FROM page_changes AS own JOIN pages ON pages.id = own.page WHERE url LIKE '%/faq' AND own.kind = 'edited'"
        ).fetchall()
    assert rows == [(3, 1)]
