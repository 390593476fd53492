"""A user's mistake, or the machine's: one clear line, the right exit code, and nothing that was stored is lost."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from db.corpus.connection import open_corpus
from tests.support.command import ROOT, clinicwatch, crawl, environment, seeds_file
from tests.support.web import Answer, html, linked_site, prose, serving


def one_line(done, code: int, *words: str) -> None:
    """Assert that a command ended with this code and one line that says these words."""
    assert done.returncode == code, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


def count(db, sql: str) -> int:
    """Run a query that counts."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchone()[0]


def test_missing_seeds_file(tmp_path):
    """A seeds file that is not there is named, and no corpus is begun."""
    one_line(
        clinicwatch("crawl", "--seeds", tmp_path / "no.csv", "--db", tmp_path / "c.db"), 2, "no.csv", "No such file"
    )
    assert not (tmp_path / "c.db").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("url,name\nhttp://a.example/,A\nnot a url,B\n", ["line 3", "not a url"]),
        ("url,name\nftp://a.example/,A\n", ["line 2", "no http or https URL"]),
        ('url,name\nhttp://a.example/,"A\nB', ["line 2"]),
        ("url,name\nhttp://a.example/,A,CA,clinic,x,y\n", ["line 2", "6 cells"]),
        ("url,name\n,A\n", ["line 2", "empty"]),
        ("name,city\nA,B\n", ["line 1", "no column `url`"]),
        ("url\n", ["no seeds"]),
        ("", ["line 1"]),
    ],
)
def test_malformed_seeds(tmp_path, text, words):
    """A bad line is reported with its number, and nothing starts."""
    (tmp_path / "s.csv").write_text(text)
    one_line(clinicwatch("crawl", "--seeds", tmp_path / "s.csv", "--db", tmp_path / "c.db"), 2, "s.csv", *words)
    assert not (tmp_path / "c.db").exists()


def test_no_contact(tmp_path):
    """A crawl does not start before somebody answers for it."""
    command = [sys.executable, "-m", "crawler.commands.cli", "crawl", "--db", str(tmp_path / "c.db")]
    anonymous = environment() | {"CLINICWATCH_CONTACT": ""}
    done = subprocess.run(command, cwd=ROOT, env=anonymous, text=True, capture_output=True, check=False)
    one_line(done, 2, "no contact", "--contact", "CLINICWATCH_CONTACT")


def test_bad_contact(tmp_path):
    """A contact that nobody can answer at is refused."""
    one_line(clinicwatch("crawl", "--contact", "me", "--db", tmp_path / "c.db"), 2, "e-mail address")


def test_bad_setting(tmp_path):
    """A setting without a value is a usage error."""
    one_line(clinicwatch("crawl", "-s", "DOWNLOAD_DELAY", "--db", tmp_path / "c.db"), 2, "NAME=VALUE")


@pytest.mark.parametrize("command", ["crawl", "status", "verify", "rebuild", "export"])
def test_a_file_that_is_no_database(tmp_path, command):
    """A file that is no database is named and not touched."""
    (tmp_path / "c.db").write_bytes(b"these are my notes, not a database" * 100)
    more = [tmp_path / "out"] if command == "export" else []
    one_line(clinicwatch(command, *more, "--db", tmp_path / "c.db"), 1, "c.db", "not a SQLite database")
    assert (tmp_path / "c.db").read_bytes().startswith(b"these are my notes")


@pytest.mark.parametrize("command", ["crawl", "status", "verify", "export"])
def test_a_database_of_another_program(tmp_path, command):
    """Another program's database is refused and not touched."""
    with closing(sqlite3.connect(tmp_path / "c.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    more = [tmp_path / "out"] if command == "export" else []
    one_line(clinicwatch(command, *more, "--db", tmp_path / "c.db"), 1, "not a corpus")
    assert count(tmp_path / "c.db", "SELECT count(*) FROM sqlite_master") == 1


def test_a_newer_database(tmp_path):
    """A corpus of a newer release is refused, with the way out."""
    with closing(open_corpus(tmp_path / "c.db")) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('clinicwatch', 'm999_later', '')"
        )
    one_line(clinicwatch("crawl", "--db", tmp_path / "c.db"), 1, "newer", "m999_later", "nothing was changed")


@pytest.mark.parametrize("command", ["status", "verify", "rebuild", "serve", "export"])
def test_no_corpus_yet(tmp_path, command):
    """A corpus that is not there is named, and none is made."""
    more = [tmp_path / "out"] if command == "export" else []
    one_line(clinicwatch(command, *more, "--db", tmp_path / "c.db"), 1, "c.db")
    assert not (tmp_path / "c.db").exists()


@pytest.mark.parametrize("command", ["crawl", "status", "verify", "rebuild", "serve", "export"])
def test_a_folder_is_no_corpus(tmp_path, command):
    """A folder in the place of the corpus is told in one line."""
    more = [tmp_path / "out"] if command == "export" else []
    one_line(clinicwatch(command, *more, "--db", tmp_path), 1, str(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_read_only_folder(tmp_path):
    """A folder that may not be written is named."""
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    done = clinicwatch("crawl", "--seeds", seeds_file(tmp_path, "http://a.example/"), "--db", home / "c.db")
    one_line(done, 1, "may not be written")


def test_folder_that_cannot_be_made(tmp_path):
    """A corpus below a file cannot be; the line says where."""
    (tmp_path / "file").write_text("")
    done = clinicwatch(
        "crawl", "--seeds", seeds_file(tmp_path, "http://a.example/"), "--db", tmp_path / "file" / "c.db"
    )
    one_line(done, 1, "c.db")


def test_full_disk_keeps_what_was_stored(tmp_path):
    """When the disk fills up the crawl ends with one line; with room again the same command loses nothing."""
    seeds, db = seeds_file(tmp_path, "http://big.example/"), tmp_path / "c.db"
    with serving(linked_site(120)) as web:
        command = [sys.executable, "-m", "crawler.commands.cli", "crawl", "--seeds", str(seeds), "--db", str(db)]
        command += ["-s", "DOWNLOAD_DELAY=0"]
        limited = subprocess.run(
            command, cwd=ROOT, env=environment(web.proxy), text=True, capture_output=True, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_300_000, 1_300_000)),
        )  # fmt: skip
        one_line(limited, 1, "c.db")
        kept = count(db, "SELECT count(*) FROM captures")
        crawl(db, seeds, web.proxy)
    assert kept > 0
    assert count(db, "SELECT count(DISTINCT page) FROM versions") == 120
    assert clinicwatch("verify", "--db", db).returncode == 0


def test_unreachable_host(tmp_path):
    """A host that does not answer is an outcome with its reason; the others are crawled."""
    seeds = seeds_file(tmp_path, "http://here.example/", "http://gone.example/")

    def answer(url: str) -> Answer | None:
        if "gone.example" in url:
            raise OSError
        return linked_site(5)(url) if url.endswith(".example/") or "/p/" in url else None

    with serving(answer) as web:
        done = crawl(tmp_path / "c.db", seeds, web.proxy)
    assert "no page retrieved: gone.example: robots unreachable" in done.stdout
    assert "the funnel balances" in done.stdout
    assert count(tmp_path / "c.db", "SELECT count(*) FROM versions") == 5


def test_empty_site(tmp_path):
    """A site without a word is one page with the outcome `no text`."""
    with serving(lambda url: Answer(b"<html><body></body></html>") if url.endswith(".example/") else None) as web:
        done = crawl(tmp_path / "c.db", seeds_file(tmp_path, "http://void.example/"), web.proxy)
    assert "no text" in done.stdout
    assert count(tmp_path / "c.db", "SELECT count(*) FROM all_pages WHERE outcome = 'no text'") == 1


def test_a_page_that_empties_keeps_its_text(tmp_path):
    """A page whose text vanishes keeps the version that it had."""
    page = Answer(html("Ketamine", prose(1)))
    with serving(lambda url: page if url.endswith(".example/") else None) as web:
        seeds = seeds_file(tmp_path, "http://one.example/")
        crawl(tmp_path / "c.db", seeds, web.proxy)
        page.body = b"<html><body></body></html>"
        crawl(tmp_path / "c.db", seeds, web.proxy, "--all")
    assert count(tmp_path / "c.db", "SELECT count(*) FROM versions") == 1
    assert count(tmp_path / "c.db", "SELECT version FROM pages WHERE outcome = 'no text'") == 1


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    """A slip in the path of a corpus is told before anything starts."""
    seeds = seeds_file(tmp_path, "http://a.example/")
    one_line(clinicwatch("crawl", "--seeds", seeds, "--db", tmp_path / "no" / "c.db"), 2, "no such folder", "mkdir -p")
    assert not (tmp_path / "no").exists()


def test_a_site_that_is_nearly_named_is_asked_for(tmp_path):
    """The nearest host of the corpus stands in the line."""
    with serving(linked_site(2)) as web:
        crawl(tmp_path / "c.db", seeds_file(tmp_path, "http://cedar-ketamine.example/"), web.proxy)
        done = clinicwatch("crawl", "--db", tmp_path / "c.db", "--site", "cedar-ketamin.example", proxy=web.proxy)
    assert done.returncode == 1
    assert "is it cedar-ketamine.example?" in done.stderr
