"""What comes out of each pass on two fixed corpora: where it differs, the version of the pass counts up.

Passes work out again only what has another key, and a key stands for inputs, rules and the version of the pass. Code
that gives other rows under the same version would leave old rows beside new ones. So ``golden.json`` holds for each
pass its version, a digest of its rows, and one of its inputs; ``python -m tests.db.passes.test_golden --write`` writes
it, and refuses to where a version has to count up first.
"""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from db.corpus.connection import open_corpus
from db.passes.driver import digest
from db.passes.registry import PASSES
from tests.support.golden_corpora import CODED, make_history, make_web

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from db.passes.driver import Pass

GOLDEN = Path(__file__).with_name("golden.json")
WRITE = "run `python -m tests.db.passes.test_golden --write`"


class Golden(NamedTuple):
    """What a pass gave: its version, a digest of the rows of its tables, and one of what it was worked out from."""

    version: int
    rows: str
    inputs: str


# -- what is digested: natural keys in the place of ids


def _url(page: str) -> str:
    return f"(SELECT url FROM pages WHERE pages.id = {page})"


def _version(version: str) -> str:
    return (
        "(SELECT pages.url || ' in crawl ' || captures.crawl FROM captured_versions AS named"
        " JOIN captures ON captures.id = named.capture JOIN pages ON pages.id = named.page"
        f" WHERE named.id = {version})"
    )


FAMILY = f"(SELECT {_url('representative')} FROM families WHERE families.id = family)"
ROWS: dict[str, tuple[str, ...]] = {
    "noise": (
        f"SELECT {_version('version')}, verdict, {_version('standing')}, reason, suppressed FROM version_judgements",
        f"SELECT {_url('page')}, crawl, outcome, reason FROM visit_judgements WHERE rules != 'confirms'",
        "SELECT site, pattern, crawl, observed, region, example, why, pages FROM dynamic_content",
    ),
    "confirmations": (f"SELECT {_url('page')}, crawl, outcome, reason FROM visit_judgements WHERE rules = 'confirms'",),
    "page_states": (f"SELECT url, {_version('version')}, state, outcome, reason, changes_seen, due_at FROM pages",),
    "boilerplate": (
        f"SELECT {_version('version')}, content_sha256, content_words, duplicate_key, removed FROM contents",
    ),
    "regions": (
        f"SELECT {_version('version')}, region, texts.text FROM version_regions JOIN texts ON sha256 = text_sha256",
    ),
    "topic_scores": (f"SELECT {_version('version')}, score, verdict, reasons FROM topic_scores",),
    "site_decisions": ("SELECT site, verdict, decided_by FROM site_decisions",),
    "relevance": (f"SELECT {_version('version')}, score, verdict, reasons FROM relevance",),
    "topic_overrides": ("SELECT text_sha256, verdict, decided_by FROM topic_overrides",),
    "exact_duplicates": (f"SELECT {_url('page')}, {_url('duplicate_of')}, reason FROM exact_duplicates",),
    "families": (
        (
            f"SELECT {_url('representative')}, size, sites, advertisers, similarity, kind, template, evidence"
            " FROM families"
        ),
        f"SELECT {_url('page')}, {FAMILY}, how, similarity, masked FROM family_members",
        "SELECT why FROM family_aliases",
        f"SELECT {_url('page')}, {_url('other')}, relation, share, similarity, shared FROM text_pairs",
    ),
    "sentences": (
        f"SELECT id, words, n_pages, n_advertisers, {_url('page')} FROM sentences",
        f"SELECT sentence, {_url('page')}, start, length, words FROM sentence_pages",
        f"SELECT {_url('page')}, {_url('other')}, shared, function_words, words FROM paraphrase_candidates",
    ),
    "codebook": ("SELECT * FROM codes", "SELECT * FROM reference_items"),
    "claims": ("SELECT * FROM claims",),
    "claim_ledger": (
        (
            "SELECT quote_key, quote, codes, regions, percent, first_seen, last_seen, vanished_at, n_pages,"
            " n_advertisers, n_pages_ever, n_advertisers_ever FROM claim_ledger"
        ),
    ),
    "claim_list": (
        (
            "SELECT site, quote_key, code, position, suggested, regions, page_types, first_seen, last_seen,"
            f" vanished_at, n_pages, n_pages_ever, {_version('version')}, claim FROM claim_list"
        ),
        "SELECT filter, value, rows FROM claim_filters",
    ),
    "changes": (
        (
            f"SELECT {_url('page')}, crawl, kind, {_version('before')}, {_version('after')}, moved_to,"
            f" {_url('target')}, regions, words_added, words_removed, score, reasons, cues, material, edit_pages, lead,"
            f" summary, lines, {_version('back_to')}, back_to_number FROM page_changes"
        ),
    ),
    "rotations": ("SELECT crawl, edit, site, state, reason FROM rotations",),
    "documents": (
        (
            "SELECT url, title, site, state, source_class, page_type, verdict, words, language, published,"
            f" {_url('duplicate_of')}, {_version('version')} FROM documents"
        ),
    ),
}


def rows_of(db: sqlite3.Connection, name: str) -> list[list[tuple]]:
    """Read the rows of a pass, in the order of their own values."""
    return [sorted(db.execute(sql), key=repr) for sql in ROWS[name]]


def digested(corpora: list[sqlite3.Connection]) -> dict[str, Golden]:
    """Digest what each pass gave, and what it was worked out from: where it keeps no keys, all that came before it."""
    found: dict[str, Golden] = {}
    for one in PASSES:
        keys = [unit.key for db in corpora for unit in one.units(db, CODED)]
        inputs = digest(one.rules(CODED), keys) if all(keys) else digest([golden.rows for golden in found.values()])
        found[one.name] = Golden(one.version, digest([rows_of(db, one.name) for db in corpora]), inputs)
    return found


def make_and_digest(folder: Path) -> dict[str, Golden]:
    """Make the two corpora in a folder and digest them."""
    make_history(folder / "history.db")
    make_web(folder / "web.db")
    with opened(folder) as corpora:
        return digested(corpora)


@contextmanager
def opened(folder: Path) -> Iterator[list[sqlite3.Connection]]:
    """Open the two corpora."""
    with closing(open_corpus(folder / "history.db")) as one, closing(open_corpus(folder / "web.db")) as other:
        yield [one, other]


# -- what the digests say


def complaints(stored: Mapping[str, Golden], found: Mapping[str, Golden]) -> list[str]:
    """Say for each pass that differs from what is stored what is to be done."""
    said = []
    for one in PASSES:
        before, now = stored.get(one.name), found[one.name]
        if before and now.rows != before.rows and now[::2] == before[::2]:
            said.append(_count_up(one))
        elif now != before:
            said.append(f"the pass {one.name} or its inputs changed: {WRITE}")
    gone = sorted(stored.keys() - found.keys())
    return said + [f"there is no pass {name} any more: {WRITE}" for name in gone]


def _count_up(one: Pass) -> str:
    file = f"{one.write.__module__.replace('.', '/')}.py"
    return f"other rows come out of the same inputs: count up version of pass {one.name} in {file} and {WRITE}"


def load_golden() -> dict[str, Golden]:
    """Read what is stored."""
    return {name: Golden(*row) for name, row in json.loads(GOLDEN.read_text(encoding="utf-8")).items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make the two corpora."""
    return tmp_path_factory.mktemp("golden")


@pytest.fixture(scope="module")
def found(folder):
    """Digest them."""
    return make_and_digest(folder)


def test_what_passes_give_is_what_is_stored(found):
    """Where a pass gives other rows its version has counted up."""
    assert complaints(load_golden(), found) == []


def test_each_table_of_each_pass_has_rows(folder, found):
    """A digest of nothing would say nothing."""
    assert ROWS.keys() == {one.name for one in PASSES} == found.keys()
    with opened(folder) as corpora:
        queries = [(name, sql) for name in ROWS for sql in ROWS[name]]
        empty = {(name, sql) for name, sql in queries if not any(db.execute(sql).fetchall() for db in corpora)}
    assert empty == set()
    for one in PASSES:
        assert all(any(f" {table}" in sql for sql in ROWS[one.name]) for table in one.tables)


def test_a_change_that_no_version_tells_of_is_named(found):
    """Other rows of the same inputs are a fault; other inputs, or another version, only have to be stored."""
    one = next(one for one in PASSES if one.name == "claims")
    for changed, words in (
        ({"rows": "x"}, "count up version of pass claims in db/passes/claims.py"),
        ({"rows": "x", "version": 99}, WRITE),
        ({"rows": "x", "inputs": "y"}, WRITE),
        ({"inputs": "y"}, WRITE),
    ):
        (said,) = complaints(found | {"claims": found["claims"]._replace(**changed)}, found)
        assert words in said
        assert ("count up" in said) == (changed == {"rows": "x"})
    assert complaints(found, found) == []
    assert "there is no pass old" in complaints(found | {"old": found[one.name]}, found)[0]
    assert WRITE in complaints({name: golden for name, golden in found.items() if name != "claims"}, found)[0]


def main() -> int:
    """Write the digests, but where a version has to count up first."""
    with tempfile.TemporaryDirectory() as folder:
        found = make_and_digest(Path(folder))
    wrong = [line for line in complaints(load_golden() if GOLDEN.exists() else {}, found) if "count up" in line]
    if "--write" not in sys.argv or wrong:
        sys.exit("\n".join(wrong) or __doc__)
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(golden)}" for name, golden in found.items())
    GOLDEN.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
