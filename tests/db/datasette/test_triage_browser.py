"""Triage in a real browser, on a desk by keys and on a phone by touch: two people at once, a server that was away."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from tests.db.datasette.test_review_browser import DESK, PHONE, serving, tab_of
from tests.support.browser import CHROMIUM, FLAGS
from tests.support.changed import changed
from tests.support.desk import team_file

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here; .ci/run installs it")
LIST = "/-/changes?since=all"


@pytest.fixture(scope="module")
def chromium():
    """Start one browser for all tests of this file."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def desk(tmp_path):
    """Serve a corpus that changed to a team; gives the address."""
    changed(tmp_path / "corpus.db")
    with serving(tmp_path / "corpus.db", "--team", team_file(tmp_path)) as address:
        yield address


def by_key(tab, place: int, key: str) -> None:
    """Go to a change of the list by keys, and press one."""
    tab.evaluate("document.activeElement.blur()")
    for _ in range(20):
        tab.keyboard.press("k")
    for _ in range(place + (tab.locator("li.is-here").count() == 0)):
        tab.keyboard.press("j")
    tab.keyboard.press(key)


def by_touch(tab, place: int, key: str) -> None:
    """Tap what has the key on a change of the list."""
    tab.locator(".edits > li").nth(place).locator(f'[data-key="{key}"]').tap()


def marks(tab, place: int) -> str:
    """Give what stands of the marks on a change of the list."""
    return " ".join(tab.locator(".triage-now").nth(place).inner_text().split())


def stored(tab, act, place: int, key: str) -> None:
    """Mark a change and wait until it is stored."""
    with tab.expect_response("**/-/changes/mark") as answer:
        act(tab, place, key)
    assert answer.value.ok


def fits(tab, shape, picture) -> bool:
    """Take a picture, and tell whether nothing is wider than the screen."""
    tab.screenshot(path=picture, full_page=True)
    return tab.evaluate("document.documentElement.scrollWidth") <= shape["viewport"]["width"]


@pytest.mark.parametrize(("shape", "act"), [(DESK, by_key), (PHONE, by_touch)], ids=["desk", "phone"])
def test_two_people_triage_at_once(chromium, desk, tmp_path, shape, act):
    """Both look at the same list; each sees the other's marks after a reload, and none of them is lost."""
    with tab_of(chromium, desk, shape, "anna") as anna, tab_of(chromium, desk, shape, "ben") as ben:
        for tab in (anna, ben):
            tab.goto(desk + LIST)
            assert fits(tab, shape, tmp_path / "before.png")
        stored(anna, act, 0, "r")
        stored(ben, act, 0, "d")
        stored(ben, act, 1, "f")
        ben.wait_for_selector(".triage-now .is-follow-up")
        assert marks(anna, 0).startswith("relevant by anna"), "ben's mark is there after a reload"
        anna.reload()
        assert marks(anna, 0).startswith("dismissed by ben")
        assert "relevant by anna" in marks(anna, 0)
        assert marks(anna, 1).startswith("follow up by ben")
        act(anna, 2, "n")
        note = anna.locator(".edits > li").nth(2).locator("textarea")
        note.fill("Ask their lawyer: srdfu?")
        anna.locator(".edits > li").nth(2).locator("select[name=assignee]").select_option("ben")
        with anna.expect_response("**/-/changes/mark"):
            anna.locator(".edits > li").nth(2).locator("button", has_text="Save").click()
        ben.goto(f"{desk}{LIST}&mine=mine&assignee=ben")
        assert ben.locator(".edits > li").count() == 1
        assert "Ask their lawyer: srdfu?" in ben.inner_text(".edits")
        assert fits(ben, shape, tmp_path / "mine.png")
        ben.locator(".edits h2 a").click()
        assert "assigned to ben" in ben.inner_text(".triage")
        assert fits(ben, shape, tmp_path / "card.png")
        for tab in (anna, ben):
            assert tab.wrong == []
    with contextlib.closing(sqlite3.connect(tmp_path / "corpus.review.db")) as db:
        rows = db.execute("SELECT coder, status, assignee FROM triage_marks ORDER BY id").fetchall()
    assert rows == [
        ("anna", "relevant", None),
        ("ben", "dismissed", None),
        ("ben", "follow up", None),
        ("anna", "", "ben"),
    ]


def test_keys_do_nothing_while_typing_and_u_undoes(chromium, desk):
    """Letters in a note are letters; `u` takes the last mark back wherever it was; `?` shows the keys."""
    with tab_of(chromium, desk, DESK, "anna") as tab:
        tab.goto(desk + LIST)
        tab.keyboard.press("r")
        stored(tab, by_key, 0, "s")
        by_key(tab, 1, "n")
        tab.keyboard.type("srdfujk")
        assert tab.locator(".edits > li").nth(1).locator("textarea").input_value() == "srdfujk"
        assert [marks(tab, place)[:8] for place in (0, 1)] == ["seen by ", "Not tria"], "r before j marks nothing"
        tab.keyboard.press("Escape")
        with tab.expect_response("**/-/changes/undo"):
            tab.keyboard.press("u")
        tab.wait_for_selector(".edits > li:first-child .triage-now:has-text('Not triaged')")
        tab.keyboard.press("?")
        assert tab.is_visible("#triage-help")
        tab.keyboard.press("r")
        tab.keyboard.press("Escape")
        assert marks(tab, 0) == "Not triaged yet"
        assert tab.wrong == []


def test_undo_by_key_goes_ever_further(chromium, desk):
    """Each `u` takes back one more mark, on the page that is open; then nothing is left, which is said."""
    with tab_of(chromium, desk, DESK, "anna") as tab:
        tab.goto(desk + LIST)
        for place, key in ((0, "r"), (1, "d"), (1, "f")):
            stored(tab, by_key, place, key)
            tab.wait_for_selector(f".edits > li:nth-child({place + 1}) .triage-now .badge")
        for place, words in ((1, "dismissed"), (1, "Not triaged"), (0, "Not triaged")):
            with tab.expect_response("**/-/changes/undo") as answer:
                tab.keyboard.press("u")
            assert answer.value.ok
            tab.wait_for_selector(f".edits > li:nth-child({place + 1}) .triage-now:has-text('{words}')")
        tab.keyboard.press("u")
        tab.wait_for_selector("text=there is no mark of yours left")


def test_a_mark_reaches_a_server_that_was_away(chromium, tmp_path):
    """Without a server the page says that it is not stored yet and sends it again; once it is there, once."""
    changed(tmp_path / "corpus.db")
    team = team_file(tmp_path)
    with contextlib.ExitStack() as first:
        address = first.enter_context(serving(tmp_path / "corpus.db", "--team", team))
        with tab_of(chromium, address, DESK, "anna") as tab:
            tab.goto(address + LIST)
            first.close()
            by_key(tab, 0, "r")
            tab.wait_for_selector("text=Not stored yet")
            with serving(tmp_path / "corpus.db", "--team", team, "--port", address.rpartition(":")[2]):
                tab.wait_for_selector(".triage-now:has-text('by anna')")
    with contextlib.closing(sqlite3.connect(tmp_path / "corpus.review.db")) as db:
        assert db.execute("SELECT count(*) FROM triage_marks").fetchone() == (1,)


def test_without_scripts_the_buttons_are_forms(chromium, desk):
    """A mark is stored and the list shown again, with its filters."""
    with tab_of(chromium, desk, DESK, "anna") as signed:
        cookies = signed.context.cookies()
        with chromium.new_context(java_script_enabled=False) as context:
            context.add_cookies(cookies)
            tab = context.new_page()
            tab.goto(f"{desk}{LIST}&status=untriaged")
            before = tab.locator(".edits > li").count()
            tab.locator('.edits > li button[value="seen"]').first.click()
            assert "status=untriaged" in tab.url
            assert tab.locator(".edits > li").count() == before - 1
