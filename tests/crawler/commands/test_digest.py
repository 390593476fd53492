"""A digest: what changed as an e-mail that holds no harm, sent to a real webhook and a real mail server, once."""

from __future__ import annotations

import email
import email.policy
import sqlite3
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from crawler.commands.changes import list_changes, send_digest
from crawler.engine.summary import SiteAlert
from crawler.notify.digest import Digest, html, markdown
from crawler.notify.notify import NotSentError
from db.corpus.changes import Asked
from pipelines.model.errors import UsageError
from tests.support.changed import changed
from tests.support.command import clinicwatch
from tests.support.letterbox import mailbox, webhook

pytest.importorskip("apprise", reason="apprise is not installed: pip install -e '.[notify]'")
HARM = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) `code` | # head"


@pytest.fixture
def corpus(tmp_path):
    """Make a corpus that changed."""
    changed(tmp_path / "c.db")
    return tmp_path / "c.db"


def digest_of(corpus, **more) -> Digest:
    """Make a digest of everything that changed."""
    found = list_changes(corpus, Asked(since="2000"), 20)
    return replace(Digest("c", "in all", tuple(found.changes), found.count), **more)


class Links(HTMLParser):
    """Collects what a page of HTML has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Collect a tag and where it leads."""
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]


def test_a_digest_says_what_matters_most(corpus):
    """Each change with its page and a link to it, the number of all, and what a change is not."""
    text = markdown(digest_of(corpus))
    assert "[Prices](http://cedar.example/prices)" in text
    assert "candidates for review" in text
    assert text.startswith("**")


def test_other_peoples_text_stays_text(corpus):
    """Markup in titles, summaries and hosts is neither HTML nor Markdown in a digest."""
    digest = digest_of(corpus)
    bad = replace(digest.changes[0], title=HARM, summary=HARM, reasons=(HARM,), url="javascript:alert(1)", kind=HARM)
    digest = replace(digest, changes=(bad,), alerts=(SiteAlert(HARM, HARM),), corpus=HARM)
    from markdown import markdown as render

    for page in (html(digest), render(markdown(digest))):
        result = Links(page)
        assert "script" not in result.tags
        assert not [link for link in result.links if not link.startswith("http")]
    assert "code" not in Links(render(markdown(digest))).tags


def test_a_digest_names_the_rest_and_where_all_are(corpus):
    """What is not listed is a number; where the corpus is served to others, the digest leads there."""
    text = markdown(digest_of(corpus, count=50, server="https://watch.project.example/"))
    assert "more changes" in text
    assert "https://watch.project.example/-/changes" in text
    assert "https://watch.project.example/-/changes" in html(digest_of(corpus, server="https://watch.project.example/"))


def test_a_digest_is_grouped_by_site(corpus):
    """Each host is named once above its changes, that with what matters most first."""
    digest = digest_of(corpus)
    other = replace(digest.changes[1], host="birch.example", url="http://birch.example/", edit="b" * 16)
    digest = replace(digest, changes=(digest.changes[0], other, *digest.changes[2:]))
    text, page = markdown(digest), html(digest)
    assert text.index("**cedar.example**") < text.index("**birch.example**")
    assert text.count("**cedar.example**") == text.count("**birch.example**") == 1
    assert page.index("<h2>cedar.example</h2>") < page.index("<h2>birch.example</h2>")
    assert [len(site.changes) for site in digest.by_site] == [len(digest.changes) - 1, 1]


def test_a_digest_leads_to_the_stored_change(corpus):
    """Where the corpus is served, a title leads to its stored change, and the live page stands below."""
    digest = digest_of(corpus, server="https://watch.project.example/")
    from markdown import markdown as render

    for page in (html(digest), render(markdown(digest))):
        links = Links(page).links
        for change in digest.changes:
            assert f"https://watch.project.example/-/changes/{change.edit}" in links
            assert change.url in links


def test_a_webhook_gets_it_once(corpus, monkeypatch):
    """The second digest tells only what came after the first: nothing, so it is not sent."""
    with webhook() as box:
        monkeypatch.setenv("CLINICWATCH_NOTIFY", box.address)
        first = send_digest(corpus)
        second = send_digest(corpus)
    assert "sent to 1 address" in first
    assert second == "digest: nothing to tell, nothing sent"
    (letter,) = box.got
    assert letter["title"].startswith("clinicwatch: ")
    assert "cedar.example" in letter["message"]


def test_a_mail_is_read_as_html(corpus, monkeypatch):
    """A mail carries the changes as HTML with links, from and to whom it was set."""
    with mailbox() as box:
        monkeypatch.setenv("CLINICWATCH_NOTIFY", box.address)
        send_digest(corpus)
    letter = email.message_from_bytes(box.got[0], policy=email.policy.default)
    body = letter.get_body(("html",))
    assert "team@project.example" in letter["To"]
    assert letter["Subject"].startswith("clinicwatch: ")
    assert body
    assert "http://cedar.example/harm" in Links(body.get_content()).links


def test_what_was_not_taken_is_told_again(corpus, monkeypatch):
    """A webhook that fails makes the command fail, in one line without the address; the next digest tells the same."""
    with webhook() as box:
        monkeypatch.setenv("CLINICWATCH_NOTIFY", f"{box.address}?+secret=hush")
        box.status = 500
        with pytest.raises(NotSentError) as raised:
            send_digest(corpus)
        box.status = 200
        assert "sent to 1 address" in send_digest(corpus)
    assert "hush" not in str(raised.value)
    assert "127.0.0.1" not in str(raised.value)
    assert box.got[0]["message"] == box.got[-1]["message"]
    with closing(sqlite3.connect(corpus)) as db:
        assert db.execute("SELECT count(*) FROM digests").fetchone() == (1,)


def test_wrong_addresses_are_said_before_anything_is_done(corpus, monkeypatch):
    """No address, and one that apprise does not know, are one line with exit code 2; the address is not repeated."""
    monkeypatch.delenv("CLINICWATCH_NOTIFY", raising=False)
    with pytest.raises(UsageError, match="CLINICWATCH_NOTIFY is not set"):
        send_digest(corpus)
    monkeypatch.setenv("CLINICWATCH_NOTIFY", "nonsense://hush@x")
    done = clinicwatch("crawl", "--db", corpus)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "address 1 of 1" in done.stderr
    assert "hush" not in done.stderr


def test_digests_by_command(corpus):
    """Markdown and HTML are printed for a time that is named; a time that is none is refused."""
    assert "[Prices](" in clinicwatch("digest", "--since", "2026-01-01", "--db", corpus).stdout
    assert "<ol>" in clinicwatch("digest", "--since", "2026-01-01", "--html", "--db", corpus).stdout
    wrong = clinicwatch("digest", "--since", "yesterday", "--db", corpus)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "such as 2026-11-01" in wrong.stderr
