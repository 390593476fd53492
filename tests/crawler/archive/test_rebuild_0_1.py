"""What release 0.1 took back is read again from its bytes: nothing is fetched, and today's rules judge it anew."""

from __future__ import annotations

import shutil
from contextlib import closing

import pytest

from crawler.archive.rebuild import rebuild
from crawler.engine.plan import load_rules
from db.corpus.connection import open_corpus
from db.corpus.derived import captures_to_read, store_reading
from db.passes.registry import run_passes
from db.schema.shape import CAPTURED
from pipelines.reading.read import READER
from tests.support.command import clinicwatch, crawl, seeds_file
from tests.support.release_0_1 import DAYS, HISTORY, HOST, TAKEN_BACK, release_0_1
from tests.support.web import serving

VISITS = "SELECT replace(url, ?, ''), visits.crawl, visits.outcome FROM visits JOIN pages ON pages.id = page"
#: what each visit came to by release 0.1, but for the edit that it hid
RIGHT = {
    (path, crawl): outcome for path, history in HISTORY.items() for crawl, (_, outcome, _) in enumerate(history, 1)
} | {("/risks", 2): "changed"}
UNREAD = len(TAKEN_BACK) + 3


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a corpus of release 0.1."""
    folder = tmp_path_factory.mktemp("release_0_1")
    release_0_1(folder / "c.db")
    return folder


@pytest.fixture
def path(made, tmp_path):
    """Give a copy of it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "c.db"


def outcomes(db) -> dict[tuple[str, int], str]:
    """Read what each visit came to, as it is judged."""
    return {(path, crawl): outcome for path, crawl, outcome in db.execute(VISITS, (f"http://{HOST}",))}


def captured(db) -> dict[str, list[tuple]]:
    """Read what was captured before anything is read again; versions may be added."""
    return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in CAPTURED}


def state(db) -> dict[str, list[tuple]]:
    """Read what pages are now."""
    rows = db.execute("SELECT replace(url, ?, ''), state, outcome, version, latest FROM pages", (f"http://{HOST}",))
    return {path: tuple(rest) for path, *rest in rows}


def test_what_was_taken_back_is_a_version_again(path):
    """The bytes give their texts back; one was an edit, which is told, and all others are judged as they were."""
    rules = load_rules()
    with closing(open_corpus(path)) as db:
        before = captured(db)
        counted = rebuild(db, path, rules)
        assert (counted.read, counted.restored, counted.unreadable, counted.missing) == (UNREAD, UNREAD, 0, ())
        assert f"{UNREAD} versions restored" in counted.lines()[0]
        assert db.execute("SELECT count(*) FROM unread_captures").fetchone() == (0,)
        assert outcomes(db) == RIGHT
        edited = db.execute(
            "SELECT replace(url, ?, ''), own.crawl, summary FROM page_changes AS own JOIN pages ON pages.id = page"
            " WHERE own.kind = 'edited' ORDER BY 1",
            (f"http://{HOST}",),
        ).fetchall()
        assert [(name, at) for name, at, _ in edited] == [("/fees", 2), ("/risks", 2)]
        assert "Nobody needs to ask" in edited[1][2]
        after = captured(db)
        assert all(before[table] == after[table] for table in before.keys() - {"captured_versions"})
        assert set(before["captured_versions"]) <= set(after["captured_versions"])


def test_pages_are_what_they_were(path):
    """A page that came back after an answer that was no text of it is live, with the text that it had before."""
    with closing(open_corpus(path)) as db:
        before = state(db)
        rebuild(db, path, load_rules())
        after = state(db)
        assert {name: row[0] for name, row in after.items()} == {name: row[0] for name, row in before.items()}
        assert {name: row[2] for name, row in after.items() if name != "/risks"} == {
            name: row[2] for name, row in before.items() if name != "/risks"
        }
        assert after["/lost"][2] is None
        seen = "SELECT first_seen, last_confirmed FROM versions WHERE id = ?"
        assert db.execute(seen, after["/risks"][2:3]).fetchone() == (DAYS[1], DAYS[2])
        assert db.execute(seen, after["/hours"][2:3]).fetchone() == (DAYS[0], DAYS[2])
        assert db.execute(seen, after["/room/1"][2:3]).fetchone() == (DAYS[0], DAYS[2])
        assert all(latest for *_, latest in after.values())
        kept = "SELECT last_confirmed FROM captured_versions WHERE page = ? ORDER BY first_seen"
        page = list(HISTORY).index("/room/1") + 1
        assert db.execute(kept, (page,)).fetchall()[1] == (DAYS[1],)


def test_reading_everything_again_gives_the_same(made, path, tmp_path):
    """The marks only say what must be read: all captures read again give the same rows."""
    rules = load_rules()
    shutil.copytree(made, tmp_path / "all")
    found = []
    for file, everything in ((path, False), (tmp_path / "all" / "c.db", True)):
        with closing(open_corpus(file)) as db:
            rebuild(db, file, rules, everything=everything)
            assert set(run_passes(db, rules).values()) == {0}
            found.append((outcomes(db), state(db), db.execute("SELECT * FROM versions ORDER BY id").fetchall()))
    assert found[0][0] == found[1][0]
    assert found[0][1].keys() == found[1][1].keys()
    titles = [sorted(row[4:6] for row in versions) for _, _, versions in found]
    assert titles[0] == titles[1]


def test_a_missing_file_is_named_and_the_command_goes_on_when_it_is_back(path):
    """What can be read is; the rest stays marked and is read by the next run."""
    rules = load_rules()
    gone = next(file for file in path.with_suffix(".warc").iterdir() if "00002" in file.name)
    away = path.with_name("away")
    gone.rename(away)
    with closing(open_corpus(path)) as db:
        counted = rebuild(db, path, rules)
        assert counted.missing == (gone.name,)
        assert counted.lines()[-1] == (
            f"{gone.name}: this WARC file is missing or damaged; restore it and run the command again"
        )
        left = "SELECT warc_file = ?, count(*) FROM unread_captures JOIN captures ON captures.id = capture GROUP BY 1"
        # the three of the third file that follow on answers of the second, and those
        assert db.execute(left, (gone.name,)).fetchall() == [(0, 3), (1, 6)]
        assert counted.restored == 1  # /lost, in the first file
        away.rename(gone)
        again = rebuild(db, path, rules)
        assert (counted.restored + again.restored, again.missing) == (UNREAD, ())
        assert outcomes(db) == RIGHT
        assert rebuild(db, path, rules).read == 0
        assert db.execute("SELECT count(*) FROM unread_captures").fetchone() == (0,)


def test_a_damaged_file_is_named(path):
    """Bytes that are no record any more are what `verify` names; the rows stay as they were."""
    damaged = next(file for file in path.with_suffix(".warc").iterdir() if "00002" in file.name)
    damaged.write_bytes(b"\x1f\x8b" + bytes(damaged.stat().st_size))
    done = clinicwatch("rebuild", "--db", path)
    assert done.returncode == 0, done.stderr
    assert f"{damaged.name}: this WARC file is missing or damaged" in done.stdout


def test_the_next_crawl_reads_again_first(path):
    """A crawl of an old corpus restores what is marked before it compares anything with it."""
    with serving(lambda _url: None) as web:
        crawl(path, seeds_file(path.parent, f"http://{HOST}/"), web.proxy)
    with closing(open_corpus(path)) as db:
        assert db.execute("SELECT count(*) FROM unread_captures").fetchone() == (0,)
        assert {place: outcome for place, outcome in outcomes(db).items() if place[1] <= 3} == RIGHT


def test_an_answer_that_is_no_page_today_is_settled(path):
    """What today's rules take for an error page, or read no word of, gives no version and is not read for ever."""
    with closing(open_corpus(path)) as db:
        (capture,) = db.execute("SELECT capture FROM unread_captures JOIN captures ON captures.id = capture").fetchone()
        (page,) = db.execute("SELECT page FROM captures WHERE id = ?", (capture,)).fetchone()
        one = next(one for one in captures_to_read(db, READER, after=0, limit=99) if one.id == capture)
        assert (one.page, one.version) == (page, None)
        assert store_reading(db, one, READER, None) == {"unreadable": 0}
        assert capture not in {one.id for one in captures_to_read(db, READER, after=0, limit=99)}
