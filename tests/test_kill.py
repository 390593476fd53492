"""A crawl survives being killed: frontier and pages are one transaction, bytes come before rows."""

from __future__ import annotations

from tests.command import clinicwatch, seeds_file, start
from tests.kills import kill_again_and_again, wait_for_requests
from tests.web import linked_site, serving


def test_kills_lose_nothing(tmp_path):
    """Six random SIGKILLs on a 200-page site: no page lost, none doubled, few asked for again, every byte there."""
    losses = kill_again_and_again(tmp_path, pages=200, kills=6, seed=1)
    assert losses.kills == 6
    assert (losses.lost, losses.doubled, losses.without_bytes) == (0, 0, 0)
    assert losses.most_refetched <= 40


def test_second_crawl_is_refused(tmp_path):
    """A second crawl on the same corpus exits 3 at once and writes nothing."""
    seeds, db = seeds_file(tmp_path, "http://big.example/"), tmp_path / "c.db"
    with serving(linked_site(300)) as web:
        first = start("crawl", "--seeds", seeds, "--db", db, "-s", "DOWNLOAD_DELAY=0.2", proxy=web.proxy)
        wait_for_requests(web, first, 4)
        second = clinicwatch("crawl", "--seeds", seeds, "--db", db, proxy=web.proxy)
        first.terminate()
        first.communicate(timeout=30)
    assert second.returncode == 3
    assert "another crawl is running" in second.stderr
    assert second.stderr.count("\n") == 1
