"""The driver of passes: what is stale is worked out again, and nothing else; cut off, it goes on where it was."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field, replace

import pytest

from db.corpus.connection import atomic, open_corpus
from db.passes.driver import ALWAYS, CORPUS, Pass, Unit, digest, run_pass
from db.passes.families import index_path
from db.passes.registry import PASSES, run_passes
from db.passes.sync import Table, sync
from tests.support.command import ROOT, environment
from tests.support.family_corpus import forget_families
from tests.support.family_corpus import rows as family_rows
from tests.support.made_corpus import ABOUT, RULES, corpus_of

LENGTHS = Table("lengths", ("text", "length"))
MANY = 500  # units: more than it takes to share them among processes


def length_of(rules, text: str) -> int:
    """Give the length of a text, times the length of the topic file: a pure function that can be pickled."""
    if text == "out of words":
        raise ValueError(text)
    return len(text) * len(rules.topic)


@dataclass
class Lengths:
    """A pass over texts that writes how long each is; ``loaded`` notes the units that were worked out."""

    loaded: list[str] = field(default_factory=list)
    fail_at: str = ""

    def units(self, db, _rules):
        """Name each text."""
        for name, text in db.execute("SELECT sha256, text FROM texts ORDER BY sha256"):
            yield Unit(name, digest(text))

    def load(self, db, _rules, unit):
        """Read a text."""
        self.loaded.append(unit.id)
        return db.execute("SELECT text FROM texts WHERE sha256 = ?", (unit.id,)).fetchone()[0]

    def write(self, db, unit, length):
        """Write the length of a text; fails at one, as where the power goes."""
        if unit.id == self.fail_at:
            raise KeyboardInterrupt
        return sync(db, LENGTHS, [(unit.id, length)], "text = ?", (unit.id,))

    def forget(self, db, unit):
        """Remove the length of a text that is gone."""
        return sync(db, LENGTHS, [], "text = ?", (unit,))

    def made(self, **changes) -> Pass:
        """Give the pass."""
        given = {"name": "lengths", "version": 1, "tables": ("lengths",), "rules": lambda rules: rules.topic}
        methods = {name: getattr(self, name) for name in ("units", "load", "write", "forget")}
        return Pass(**given | methods | {"work": length_of, "independent": True} | changes)


@pytest.fixture
def db(tmp_path):
    """Open a corpus of five texts with a table that the pass owns."""
    with closing(open_corpus(tmp_path / "c.db")) as corpus:
        corpus.execute("CREATE TABLE lengths (text TEXT PRIMARY KEY, length INTEGER)")
        put_texts(corpus, 5)
        yield corpus


def put_texts(db, count: int) -> None:
    """Put texts in, named by their number."""
    with atomic(db):
        rows = [(f"{number:04}", "word " * number, number) for number in range(count)]
        db.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", rows)


def lengths(db) -> list[tuple[str, int]]:
    """Read what the pass wrote."""
    return db.execute("SELECT * FROM lengths ORDER BY 1").fetchall()


def worked(db, one: Pass, rules=RULES) -> int:
    """Run a pass; gives how many units it remembers that it did not know so before."""
    before = set(db.execute("SELECT unit, key FROM pass_units WHERE pass = ?", (one.name,)))
    run_pass(db, one, rules)
    return len(set(db.execute("SELECT unit, key FROM pass_units WHERE pass = ?", (one.name,))) - before)


def test_nothing_changed(db):
    """The first run works everything out and says how many rows it wrote; the second does nothing."""
    made = Lengths()
    assert [run_pass(db, made.made(), RULES), run_pass(db, made.made(), RULES), len(made.loaded)] == [5, 0, 5]


def test_only_the_unit_that_differs_is_worked_out_again(db):
    """A text that is another one, and a text that is new: these two."""
    made = Lengths()
    run_pass(db, made.made(), RULES)
    made.loaded.clear()
    db.execute("UPDATE texts SET text = 'longer than before' WHERE sha256 = '0002'")
    put_texts(db, 6)
    assert run_pass(db, made.made(), RULES) == 2
    assert made.loaded == ["0002", "0005"]
    assert dict(lengths(db))["0002"] == 18 * len(RULES.topic)


def test_what_comes_out_the_same_is_not_written(db):
    """A unit may be stale and its rows right: it is worked out, and no row changes."""
    made = Lengths()
    run_pass(db, made.made(), RULES)
    assert run_pass(db, made.made(version=2), RULES) == 0
    assert len(made.loaded) == 10


def test_a_unit_that_is_gone_is_forgotten(db):
    """Its rows go, and so does its key: where the text comes back it is worked out anew."""
    one = Lengths().made()
    run_pass(db, one, RULES)
    db.execute("DELETE FROM texts WHERE sha256 = '0003'")
    assert run_pass(db, one, RULES) == 1
    assert [text for text, _ in lengths(db)] == ["0000", "0001", "0002", "0004"]
    assert db.execute("SELECT count(*) FROM pass_units WHERE unit = '0003'").fetchone() == (0,)
    put_texts(db, 5)
    assert run_pass(db, one, RULES) == 1


def test_other_rules(db):
    """Another rules file: everything; a rules file that the pass does not work by: nothing."""
    one = Lengths().made()
    assert worked(db, one) == 5
    assert worked(db, one, replace(RULES, topic=RULES.topic + "\n")) == 5
    assert worked(db, one, replace(RULES, topic=RULES.topic + "\n", places="Tustin")) == 0


def test_a_version_counts_up_for_its_pass_alone(db):
    """Another version of a pass restarts this pass, and leaves the one beside it."""
    one, other = Lengths().made(), Lengths().made(name="beside")
    assert (worked(db, one), worked(db, other)) == (5, 5)
    assert (worked(db, replace(one, version=2)), worked(db, other)) == (5, 0)


@pytest.mark.parametrize("one", PASSES, ids=lambda one: one.name)
def test_each_pass_is_restarted_by_its_version_and_its_rules_alone(tmp_path, one):
    """With the version of a pass counted up, all that it remembers has another key; the others keep theirs."""
    with corpus_of(tmp_path / "c.db", {"/": ABOUT, "/copy": ABOUT}) as db:
        before = set(db.execute("SELECT pass, unit, key FROM pass_units"))
        run_pass(db, replace(one, version=one.version + 1), RULES)
        after = set(db.execute("SELECT pass, unit, key FROM pass_units"))
    assert {name for name, *_ in before ^ after} <= {one.name}
    assert not {row for row in before & after if row[0] == one.name}


def test_a_pass_that_fails_has_not_ended(db):
    """What could not be worked out is done again, when it can be."""
    db.execute("UPDATE texts SET text = 'out of words' WHERE sha256 = '0004'")
    one = Lengths().made(chunk=2)
    with pytest.raises(ValueError, match="out of words"):
        run_pass(db, one, RULES)
    assert len(lengths(db)) == 4
    db.execute("UPDATE texts SET text = 'some words' WHERE sha256 = '0004'")
    assert run_pass(db, one, RULES) == 1


def test_cut_off_between_two_chunks_it_goes_on(db):
    """Each chunk is a transaction with the keys of its units: what was written is not worked out again."""
    made = Lengths(fail_at="0003")
    with pytest.raises(KeyboardInterrupt):
        run_pass(db, made.made(chunk=2), RULES)
    assert [text for text, _ in lengths(db)] == ["0000", "0001"]
    made.fail_at = ""
    made.loaded.clear()
    assert run_pass(db, made.made(chunk=2), RULES) == 3
    assert made.loaded == ["0002", "0003", "0004"]
    whole = lengths(db)
    db.execute("DELETE FROM lengths")
    run_pass(db, made.made(name="at once"), RULES)
    assert lengths(db) == whole


def test_units_that_need_each_other_are_loaded_one_after_the_other(db):
    """A pass that is not independent reads what it wrote of the unit before, whatever its chunks are."""
    seen = []

    def load(corpus, _rules, unit):
        seen.append([text for text, _ in lengths(corpus)])
        return unit.id

    run_pass(db, Lengths().made(load=load, independent=False, chunk=200), RULES)
    assert seen == [[f"{number:04}" for number in range(count)] for count in range(5)]


def test_a_unit_without_a_key_is_always_worked_out(db):
    """Where finding out costs as much as working out, a pass says so, and nothing is remembered."""
    made = Lengths()
    one = made.made(units=lambda *_: [Unit("0001", ALWAYS)])
    assert [run_pass(db, one, RULES), run_pass(db, one, RULES), made.loaded] == [1, 0, ["0001", "0001"]]
    assert db.execute("SELECT count(*) FROM pass_units WHERE pass = 'lengths'").fetchone() == (0,)


def test_a_pass_that_does_not_apply_touches_nothing(db):
    """It forgets nothing either."""
    one = Lengths().made()
    run_pass(db, one, RULES)
    before = lengths(db)
    db.execute("DELETE FROM texts")
    assert run_pass(db, replace(one, applies=lambda _rules: False), RULES) == 0
    assert lengths(db) == before


def test_what_was_written_is_reported_when_it_stands(db):
    """``committed`` is called for each result, after the transaction that wrote it."""
    reported = []
    one = Lengths().made(committed=lambda length: reported.append((length, db.in_transaction)), chunk=2)
    run_pass(db, one, RULES)
    assert reported == [(length, False) for _, length in lengths(db)]


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_give_the_same_rows(db, workers):
    """Units that are independent come out the same in this process and in two others, and each is worked out once."""
    put_texts(db, MANY)
    made = Lengths()
    assert run_pass(db, made.made(chunk=60), RULES, workers) == MANY
    assert lengths(db) == [(f"{number:04}", 5 * number * len(RULES.topic)) for number in range(MANY)]
    assert made.loaded == [f"{number:04}" for number in range(MANY)]
    assert run_pass(db, made.made(), RULES, workers) == 0


def test_a_failure_in_a_worker_process_is_the_failure_of_the_pass(db):
    """It is raised here, with its words; the chunks before it stand."""
    put_texts(db, MANY)
    db.execute("UPDATE texts SET text = 'out of words' WHERE sha256 = '0300'")
    with pytest.raises(ValueError, match="out of words"):
        run_pass(db, Lengths().made(chunk=100), RULES, 2)
    assert len(lengths(db)) == 300


def test_all_passes_give_the_same_rows_with_any_number_of_workers(tmp_path):
    """Every derived row of a corpus of some hundred pages, in one process and with two more."""
    texts = {f"/{number}/": f"{ABOUT} Room {number} has {number * 7} chairs." for number in range(MANY)}
    with corpus_of(tmp_path / "c.db", texts) as db:
        before = derived(db)
        db.execute("DELETE FROM pass_units")
        for table in ("relevance", "topic_scores", "contents"):
            db.execute(f"DELETE FROM {table}")
        assert run_passes(db, RULES, workers=2)["topic_scores"] == MANY
        assert derived(db) == before


def derived(db) -> dict[str, list[tuple]]:
    """Read all rows that passes wrote."""
    tables = sorted({table for one in PASSES for table in one.tables})
    return {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}


def test_a_comment_in_a_source_file_restarts_nothing(tmp_path):
    """Keys stand for inputs, rules and versions, not for the wording of our code."""
    with corpus_of(tmp_path / "c.db", {"/": ABOUT, "/copy": ABOUT}) as db:
        before = set(db.execute("SELECT pass, unit, key FROM pass_units"))
    for name in ("crawler", "db", "pipelines", "demo", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "demo.db"))
    for file in (*(tmp_path / "db").rglob("*.py"), *(tmp_path / "pipelines").rglob("*.py")):
        file.write_text(f"{file.read_text(encoding='utf-8')}\n# a comment more\n", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from db.corpus.connection import writing;"
        "from db.passes import registry; from db.passes.rules import Rules;"
        "assert registry.__file__.startswith(sys.argv[1]), registry.__file__\n"
        "with writing(Path(sys.argv[1]) / 'c.db') as db: registry.run_passes(db, Rules(topic=sys.argv[2]))"
    )
    env = environment() | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", code, str(tmp_path), RULES.topic]
    done = subprocess.run(command, cwd=tmp_path, env=env, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with closing(open_corpus(tmp_path / "c.db")) as db:
        assert set(db.execute("SELECT pass, unit, key FROM pass_units")) == before


def test_families_are_worked_out_again_from_nothing(tmp_path):
    """Taken away with what the pass remembers, they come back as they were."""
    texts = {"/": ABOUT, "/copy": ABOUT + "\nOne more line about ketamine at this clinic.", "/print": ABOUT}
    with corpus_of(tmp_path / "c.db", texts) as db:
        before = family_rows(db)
        assert before["family_members"]
        forget_families(db)
        run_passes(db, RULES)
        assert family_rows(db) == before


@pytest.mark.parametrize(
    ("table", "edit"),
    [
        ("readings", """facts = '[["name", "Quietwater Clinic", "", 1.0], ["phone", "555 0101", "", 1.0]]'"""),
        ("readings", "title = 'Ketamine, and where it is given'"),
        ("readings", "canonical_url = 'http://cedar-ketamine.example/print'"),
        ("readings", "published = '2019-05-01'"),
        ("relevance", "verdict = 'off topic'"),
        ("readings", "page_type = 'archive'"),
    ],
)
def test_a_family_is_described_anew_when_what_is_said_of_its_pages_changes(tmp_path, table, edit):
    """Where a page's text is as it was, and what it says of itself is not, all is as if it had been so always."""
    texts = {"/": ABOUT, "/copy": f"{ABOUT}\nOne more line about ketamine.", "/print": f"{ABOUT}\nRead on."}
    with corpus_of(tmp_path / "c.db", texts) as db:
        before = family_rows(db)
        family = next(one for one in PASSES if one.name == "families")
        which = "version = (SELECT version FROM pages WHERE id = (SELECT representative FROM families))"
        db.execute(f"UPDATE {table} SET {edit} WHERE {which}")
        run_pass(db, family, RULES)
        after = family_rows(db)
        assert after != before
        index_path(db).unlink()
        forget_families(db)
        run_pass(db, family, RULES)
        assert family_rows(db) == after
        assert db.execute("SELECT unit FROM pass_units WHERE pass = 'families'").fetchall() == [(CORPUS,)]
