"""Review in a real browser: keys, touch, strings that mean harm, and a server that was away for a while."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import CHROMIUM, FLAGS
from tests.support.command import start
from tests.support.desk import PASSWORD, content_words, many_pages, team_file
from tests.support.made_corpus import corpus_of
from tests.support.naughty import NAUGHTY, SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium here; .ci/run installs it")
DOCUMENTS = 30
DESK = {"viewport": {"width": 1400, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
HEADERS = {"x-content-type-options": "nosniff", "content-security-policy": "frame-ancestors 'none'"}
# what no string of a site may become: an element that runs or loads, an attribute that runs, a link that runs
HARM = """(() => {
  const loads = /^(script|iframe|object|embed|base|meta|link|style|svg|math|img|video|audio)$/i;
  const runs = (a) => /^on/i.test(a.name) || (a.name !== "value" && /^\\s*(javascript|data|vbscript):/i.test(a.value));
  const all = [...document.querySelectorAll("main *")];
  return all.filter((one) => loads.test(one.tagName) || [...one.attributes].some(runs)).map((one) => one.outerHTML);
})()"""


@pytest.fixture(scope="module")
def chromium():
    """Start one browser for all tests of this file."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a corpus of 30 documents once; each test has its own copy."""
    folder = tmp_path_factory.mktemp("desk")
    many_pages(folder / "corpus.db", DOCUMENTS - 1)
    return folder


@contextlib.contextmanager
def serving(corpus: Path, *arguments: object) -> Iterator[str]:
    """Serve a corpus as the command does; gives the address."""
    process = start("serve", "--db", corpus, "--port", 0, *arguments)
    try:
        assert process.stdout
        yield next(word for word in process.stdout.readline().split() if word.startswith("http")).rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextlib.contextmanager
def tab_of(browser, address: str, shape: dict, name: str = "") -> Iterator:
    """Open a tab that notes everything that goes wrong in ``tab.wrong``; ``name`` signs in by typing."""
    with browser.new_context(**shape) as context:
        tab = context.new_page()
        tab.wrong = []
        tab.on("console", lambda message: tab.wrong.append(message.text))
        tab.on("pageerror", lambda error: tab.wrong.append(str(error)))
        tab.on("dialog", lambda dialog: tab.wrong.append(dialog.message))
        tab.on("response", lambda answer: tab.wrong.extend(missing(answer)))
        if name:
            tab.goto(f"{address}/-/login")
            tab.wait_for_function("document.activeElement.name === 'username'")
            tab.keyboard.type(name)
            tab.keyboard.press("Tab")
            tab.keyboard.type(PASSWORD)
            tab.keyboard.press("Enter")
            tab.wait_for_url(f"{address}/-/review")
        yield tab


def missing(answer) -> list[str]:
    """Name the headers that an answer lacks."""
    return [f"{name} of {answer.url}" for name, part in HEADERS.items() if part not in answer.headers.get(name, "")]


def by_key(tab, key: str) -> None:
    """Press a key."""
    tab.keyboard.press(key)


def by_touch(tab, key: str) -> None:
    """Tap the button that has this key."""
    tab.tap(f'.asked [data-key="{key}"], .review-end [data-key="{key}"]')


def decide(tab, act: Callable, key: str) -> None:
    """Answer what is asked, and wait for what comes next."""
    before = tab.get_attribute("[data-document]", "data-document")
    act(tab, key)
    tab.wait_for_function(
        "before => document.querySelector('[data-document]')?.dataset.document !== before", arg=before
    )


@pytest.mark.parametrize(("shape", "act"), [(DESK, by_key), (PHONE, by_touch)], ids=["keyboard", "touch"])
def test_two_readers_and_an_adjudicator_code_a_corpus(chromium, made, tmp_path, shape, act):
    """Two readers code 30 documents each and differ on some, which the adjudicator decides; nobody needs a mouse."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    with serving(tmp_path / "corpus.db", "--team", team_file(tmp_path)) as address:
        for name, other in (("anna", "1"), ("ben", "2")):
            with tab_of(chromium, address, shape, name) as tab:
                tab.goto(f"{address}/-/review/desk?task=topic&set=all")
                for number in range(DOCUMENTS):
                    decide(tab, act, other if number % 10 == 3 else "1")
                assert "This queue is done" in tab.inner_text("main")
                assert tab.wrong == []
        with tab_of(chromium, address, shape, "judge") as tab:
            tab.goto(f"{address}/-/review/desk")
            assert "3 conflicts left" in tab.inner_text("main")
            for _ in range(3):
                assert tab.locator(".votes li b").all_inner_texts() == ["Off topic", "On topic"]
                decide(tab, act, "2")
            assert "No conflict is left" in tab.inner_text("main")
            assert tab.evaluate("document.documentElement.scrollWidth") <= shape["viewport"]["width"]
            assert tab.wrong == []
    with contextlib.closing(sqlite3.connect(tmp_path / "corpus.review.db")) as db:
        assert db.execute("SELECT count(*), count(seconds) FROM votes").fetchone() == (2 * DOCUMENTS + 3,) * 2


@pytest.fixture
def alone(chromium, made, tmp_path):
    """Code alone, at the first document."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    with serving(tmp_path / "corpus.db") as address, tab_of(chromium, address, DESK) as tab:
        tab.goto(f"{address}/-/review/desk?task=topic&set=all")
        yield tab
        assert tab.wrong == []


def test_keys_do_nothing_while_typing_or_with_ctrl(alone):
    """A digit in a note is a digit; with Ctrl or Alt a key is the browser's; a key that is held decides once."""
    title = alone.inner_text("h1")
    alone.keyboard.press("n")
    alone.keyboard.type("123 ujk?")
    assert alone.input_value(".notes textarea") == "123 ujk?"
    with alone.expect_response("**/-/review/vote"):
        alone.keyboard.press("Control+Enter")
    alone.wait_for_selector("#review:not([aria-busy]) .notes details[open]")
    alone.keyboard.press("Escape")
    alone.keyboard.press("Control+1")
    alone.keyboard.press("Alt+2")
    alone.wait_for_timeout(150)
    assert alone.inner_text("h1") == title
    assert alone.input_value(".notes textarea") == "123 ujk?"
    alone.keyboard.down("1")
    for _ in range(5):
        alone.keyboard.down("1")
    alone.keyboard.up("1")
    alone.wait_for_function("title => document.querySelector('h1').textContent !== title", arg=title)
    alone.wait_for_timeout(150)
    assert "1 of 30 done" in alone.inner_text(".review-top")


def test_undo_skip_back_flag_and_help_by_key(alone):
    """The other keys do what their buttons say, and going back in the browser shows the document before."""
    first = alone.inner_text("h1")
    decide(alone, by_key, "1")
    decide(alone, by_key, "j")
    decide(alone, by_key, "k")
    decide(alone, by_key, "u")
    assert alone.inner_text("h1") == first
    alone.keyboard.press("f")
    alone.wait_for_selector("text=Flagged")
    alone.keyboard.press("?")
    assert alone.is_visible("#review-help")
    alone.keyboard.press("1")
    alone.keyboard.press("Escape")
    assert not alone.is_visible("#review-help")
    assert alone.inner_text("h1") == first
    decide(alone, by_key, "1")
    alone.go_back()
    alone.wait_for_function("title => document.querySelector('h1').textContent === title", arg=first)


def test_a_decision_waits_for_a_server_that_is_away(alone):
    """While nothing answers, the page says that the decision is not stored, and sends it until it is, once."""
    title = alone.inner_text("h1")
    alone.context.set_offline(True)
    alone.keyboard.press("1")
    alone.wait_for_selector("#review-status:has-text('Not stored yet')")
    assert alone.inner_text("h1") == title
    alone.context.set_offline(False)
    alone.wait_for_function("title => document.querySelector('h1').textContent !== title", arg=title)
    assert "1 of 30 done" in alone.inner_text(".review-top")
    assert alone.is_hidden("#review-status")
    alone.wrong = [line for line in alone.wrong if "ERR_INTERNET_DISCONNECTED" not in line]


def test_without_scripts_review_works_too(chromium, made, tmp_path):
    """With scripts off the buttons send forms, and each leads to the next document."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    with serving(tmp_path / "corpus.db") as address, chromium.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(f"{address}/-/review/desk?task=topic&set=all")
        first = tab.inner_text("h1")
        tab.click("text=On topic")
        assert tab.inner_text("h1") != first
        tab.click("text=Undo")
        assert tab.inner_text("h1") == first


def test_no_string_of_a_site_or_a_coder_runs(chromium, tmp_path):
    """Naughty strings in titles, texts, addresses and notes are shown as they are; none becomes markup or runs."""
    texts = {"/": content_words(0)}
    for place in range(0, len(NAUGHTY), 14):
        lines = [*NAUGHTY[place : place + 14], content_words(place + 1, 20)]
        texts[f"/{place}/{SCRIPTS[place % len(SCRIPTS)]}"] = "\n".join(re.sub(r"[\r\n]", " ", line) for line in lines)
    with corpus_of(tmp_path / "corpus.db", texts):
        pass
    with serving(tmp_path / "corpus.db") as address, tab_of(chromium, address, DESK) as tab:
        tab.goto(f"{address}/-/review/desk?task=topic&set=all")
        for number in range(len(texts)):
            assert tab.evaluate(HARM) == [], number
            if number % 9 == 0:
                note = SCRIPTS[number % len(SCRIPTS)]
                tab.keyboard.press("n")
                tab.fill(".notes textarea", note)
                with tab.expect_response("**/-/review/vote"):
                    tab.click(".notes button")
                tab.wait_for_function("() => document.querySelector('.last li')?.textContent.includes('Note')")
                assert tab.evaluate(HARM) == []
            decide(tab, by_key, "1")
        for path in ("/-/review", "/-/review/desk?task=page&set=all", "/-/review/desk?task=topic&set=all&at=1"):
            tab.goto(address + path)
            assert tab.evaluate(HARM) == []
            assert "owned" not in tab.title().replace("document.title='owned'", "")
        assert tab.wrong == []


@pytest.mark.parametrize("shape", [DESK, PHONE], ids=["desk", "phone"])
def test_a_sentence_is_attached_to_an_answer_by_keyboard_and_by_selecting_words(chromium, made, tmp_path, shape):
    """In the form of a page: a, arrows, Tab, a code, Enter; or words selected in the text; both are stored with z."""
    shutil.copy(made / "corpus.db", tmp_path / "corpus.db")
    with serving(tmp_path / "corpus.db") as address, tab_of(chromium, address, shape) as tab:
        tab.goto(f"{address}/-/review/desk?task=page&set=on+topic")
        tab.check('fieldset[data-code="S4_price"] input[value="yes"]')
        tab.keyboard.press("a")
        tab.keyboard.press("ArrowDown")
        place = tab.input_value("select[name=rests_on]")
        tab.keyboard.press("Tab")
        assert tab.input_value("select[name=rests]") == "S4_price"  # that was answered last
        tab.keyboard.press("Enter")
        assert tab.get_attribute('fieldset[data-code="S4_price"] .rests input[type=checkbox]', "value") == place
        tab.evaluate("""() => {
          const line = document.querySelector(".text p, .text h2");
          getSelection().selectAllChildren(line);
          line.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
        }""")
        assert tab.evaluate("document.activeElement.name") == "rests"
        tab.select_option("select[name=rests]", "K5_contra")
        tab.click("[data-attach]")
        tab.check('fieldset[data-code="K5_contra"] input[value="yes"]')
        before = tab.get_attribute("[data-document]", "data-document")
        tab.keyboard.press("z")
        tab.wait_for_function(
            "before => document.querySelector('[data-document]')?.dataset.document !== before", arg=before
        )
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert tab.wrong == []
    with contextlib.closing(sqlite3.connect(tmp_path / "corpus.review.db")) as db:
        rows = db.execute("SELECT code, value, \"start\" || '-' || \"end\", quote <> '' FROM votes WHERE quote <> ''")
        stored = {code: (value, at, quoted) for code, value, at, quoted in rows}
    assert stored["S4_price"] == ("yes", place, 1)
    assert stored["K5_contra"][0] == "yes"
    assert len(stored) == 2
