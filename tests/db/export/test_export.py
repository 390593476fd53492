"""What a researcher would notice about an export."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from frictionless import Package, system
from hypothesis import given, settings
from hypothesis import strategies as st

from db.corpus.connection import connect, evidence_folder, open_corpus
from db.export.columns import Column, Table, markdown
from db.export.dictionary import TABLES
from db.export.export import ExportError, export, write_csv
from db.export.flow import corpus_boxes
from pipelines.model import records
from pipelines.model.errors import CorpusError
from tests.support.made_corpus import ABOUT, HOST, NOW, corpus_of, crawl_texts

csv.field_size_limit(2**31 - 1)
DOCS = Path(__file__).resolve().parents[3] / "docs"
NAUGHTY = {
    "/formula/": '=HYPERLINK("http://a.example","x")\n',
    "/plus/": "+1 (555) 010-0199\n",
    "/minus/": "-2+3\n",
    "/at/": "@SUM(A1)\n",
    "/quotes/": 'He said "it works", they said ""no"", \'maybe\'\n',
    "/lines/": "one\ntwo\r\nthree\rfour\n\n\nfive\n",
    "/separators/": "a,b;c\td|e\u2028f\u2029g\x85h\x0bi\x0cj\x1ck\n",
    "/emoji/": "🧠💊 naïve e\u0301 ﬁ 👩‍⚕️\n",
    "/rtl/": "שלום עולם مرحبا \u202e\u200f\n",
    "/spaces/": "   leading and trailing   \n",
    "/missing/": "NA NULL nan None #N/A\n",
    "/long/": "a long ketamine clinic, " * 84_000,
}
TEXTS = {path: text + f"{path} " + ABOUT for path, text in NAUGHTY.items()} | {"/": ABOUT, "/copy/": ABOUT}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a corpus of naughty texts and export it."""
    path = tmp_path_factory.mktemp("corpus") / "c.db"
    with corpus_of(path, TEXTS) as db:
        summary = export(path, path.parent / "out", now=NOW)
        yield db, path, summary


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """Read a CSV file as Python does."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_document_of_the_view_is_exported(made):
    """The CSV has each row of the view `corpus`, in a stable order, with each of its columns."""
    db, _, summary = made
    told = db.execute("SELECT * FROM corpus ORDER BY page")
    columns = [name for name, *_ in told.description]
    wanted = [["" if cell is None else str(cell) for cell in row] for row in told]
    assert [[row[column] for column in columns] for row in rows_of(summary.folder, "documents")] == wanted
    assert len(wanted) == summary.rows["documents.csv"] == len(TEXTS) - 1
    assert summary.lines()[0].split() == ["documents.csv", str(len(wanted))]


def test_texts_survive_the_round_trip(made):
    """Quotes, line breaks, a leading `=`, emoji, right-to-left and 2 MB come back as they were."""
    _, _, summary = made
    texts = {row["url"].removeprefix(f"http://{HOST}"): row["text"] for row in rows_of(summary.folder, "documents")}
    originals = {path: text for path, text in TEXTS.items() if path in texts}
    assert texts == originals
    assert len(texts["/long/"]) > 2_000_000


@pytest.mark.parametrize("name", ["pages", "copies"])
def test_views_are_exported_whole(made, name):
    """Every row and every column of the views `all_pages` and `copies` is there."""
    db, _, summary = made
    view = db.execute(f"SELECT * FROM {'all_pages' if name == 'pages' else name}")
    columns = {column for column, *_ in view.description}
    exported = rows_of(summary.folder, name)
    assert columns <= exported[0].keys()
    assert {row["url"] for row in exported} == {row[0] for row in view}


def test_frictionless_accepts_the_package(made):
    """Types, constraints, keys, sizes and hashes hold for an independent program."""
    report = validated(made[2].folder)
    assert report.valid, report.flatten(["type", "note", "rowNumber", "fieldName"])[:5]
    assert len(report.tasks) == len(TABLES)


def validated(folder: Path):
    """Validate with frictionless, trusting the paths of a folder of ours."""
    with system.use_context(trusted=True):
        return Package(str(folder / "datapackage.json")).validate()


def test_frictionless_notices_a_lost_row(made, tmp_path):
    """A file that was cut after the export no longer validates."""
    _, path, _ = made
    folder = export(path, tmp_path / "out", now=NOW).folder
    cut = (folder / "captures.csv").read_bytes().splitlines(keepends=True)[:-1]
    (folder / "captures.csv").write_bytes(b"".join(cut))
    assert not validated(folder).valid


def test_descriptor_counts_what_lies_there(made):
    """Rows and bytes of the descriptor are those of the files."""
    folder = made[2].folder
    told = json.loads((folder / "datapackage.json").read_text())
    for one in told["resources"]:
        assert one["bytes"] == (folder / one["path"]).stat().st_size
        assert one["rows"] == len(rows_of(folder, one["name"]))
    assert told["created"] == NOW
    assert told["tools"].keys() >= {"clinicwatch", "x"}


def test_every_column_is_explained_and_the_reverse(made):
    """`data_dictionary.csv` has a row for each column of each file, and no other."""
    folder = made[2].folder
    explained = [(row["table"], row["column"]) for row in rows_of(folder, "data_dictionary")]
    headers = [
        (table.name, column)
        for table in TABLES
        for column in next(csv.reader((folder / table.file).open(encoding="utf-8", newline="")))
    ]
    assert explained == headers
    assert all(row["description"] and row["derived_from"] for row in rows_of(folder, "data_dictionary"))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("outcome", records.Outcome),
        ("page_type", records.PageType),
        ("verdict", records.Verdict),
        ("pages.state", records.PageState),
    ],
)
def test_allowed_values_are_those_of_the_vocabulary(column, values):
    """The closed lists of the export are the closed lists that the crawl uses."""
    found = [
        one.values for table in TABLES for one in table.columns if column in {one.name, f"{table.name}.{one.name}"}
    ]
    assert found
    assert all(set(one) == set(values) for one in found)


def test_flow_adds_up(made):
    """The boxes in a box add up to it, and the last box is the number of documents."""
    _, _, summary = made
    boxes = {row["box"]: row for row in rows_of(summary.folder, "flow")}
    for name, row in boxes.items():
        parts = [int(one["count"]) for one in boxes.values() if one["part_of"] == name]
        assert not parts or sum(parts) == int(row["count"]), name
    assert int(boxes["corpus/pages"]["count"]) == summary.rows["pages.csv"]
    assert int(boxes["corpus/pages/with text/originals/on topic"]["count"]) == summary.rows["documents.csv"]
    assert int(boxes["corpus/pages/with text/copies"]["count"]) == 1
    assert boxes["corpus/pages/without text/excluded/trap"]["count"] == "1"
    assert boxes["crawl/skipped/trap"]["crawl"] == "1"


def test_lists_of_other_pages_are_a_box_of_their_own(tmp_path):
    """An archive on the topic is no row of `documents.csv`, and the box of the documents does not count it either."""
    path = tmp_path / "c.db"
    with corpus_of(path, {"/": ABOUT, "/tag/": "A list of posts. " + ABOUT}) as db:
        db.execute("UPDATE documents SET page_type = 'archive' WHERE url LIKE '%/tag/'")
        summary = export(db, tmp_path / "out", now=NOW)
    boxes = {row["box"]: int(row["count"]) for row in rows_of(summary.folder, "flow")}
    assert summary.rows["documents.csv"] == boxes["corpus/pages/with text/originals/on topic"] == 1
    assert boxes["corpus/pages/with text/originals/lists"] == 1
    assert "no list of other pages" in (summary.folder / "README.md").read_text(encoding="utf-8")


def test_flow_shows_empty_boxes():
    """A corpus without anything has its boxes, each 0."""
    assert {count for *_, count, _ in corpus_boxes([])} == {0}


def test_captures_say_where_the_bytes_lie(made):
    """The bytes named by a row of `captures.csv` have the digest that it names."""
    _, path, summary = made
    row = rows_of(summary.folder, "captures")[3]
    with (evidence_folder(path) / row["warc_file"]).open("rb") as file:
        file.seek(int(row["warc_offset"]))
        assert file.read(2) == b"\x1f\x8b"
    assert (row["noarchive"], row["noindex"]) == ("true", "false")
    assert row["user_agent"] == "clinicwatch/0 (+mailto:a@b.example)"


def test_sitemaps_are_captures_without_a_page(made):
    """A sitemap's capture is exported and points at no page of `pages.csv`."""
    rows = [row for row in rows_of(made[2].folder, "captures") if row["url_requested"].endswith("sitemap.xml")]
    assert [row["page"] for row in rows] == [""]


def test_same_corpus_gives_the_same_bytes(made, tmp_path):
    """Two exports of one corpus have the same release and the same files, README aside."""
    _, path, summary = made
    again = export(path, tmp_path / "again", now="2026-04-01T00:00:00+00:00")
    assert again.release == summary.release
    assert all((again.folder / name).read_bytes() == (summary.folder / name).read_bytes() for name in summary.rows)


def test_nothing_is_sorted_in_memory(made):
    """Every query gives its rows in the order of an index, so memory stays flat."""
    db = made[0]
    for table in TABLES:
        plan = db.execute(f"EXPLAIN QUERY PLAN {table.select}").fetchall() if table.origin else []
        assert not [step for *_, step in plan if "TEMP B-TREE FOR ORDER BY" in step], table.name


def test_readme_tells_what_a_reader_needs(made):
    """The README says what it is, what it is not, how to cite and how to open it."""
    text = (made[2].folder / "README.md").read_text(encoding="utf-8")
    for phrase in (
        "not findings and not accusations",
        "How to cite",
        made[2].release,
        "readr",
        "pandas",
        "Excel",
        "formula",
    ):
        assert phrase in text
    assert f"| `documents.csv` | {len(TEXTS) - 1} |" in text


def test_escaped_formulas_are_text_to_a_spreadsheet(made, tmp_path):
    """On request an apostrophe stands before what a spreadsheet would run; other cells stay."""
    folder = export(made[1], tmp_path / "out", now=NOW, escape_formulas=True).folder
    texts = {row["url"].removeprefix(f"http://{HOST}"): row["text"] for row in rows_of(folder, "documents")}
    signs = {path: text[0] for path, text in texts.items()}
    assert {path for path, sign in signs.items() if sign == "'"} == {"/formula/", "/plus/", "/minus/", "/at/"}
    assert validated(folder).valid
    assert "for spreadsheets" in (folder / "README.md").read_text()


TEXT_TABLE = Table(
    "t", "", "", ("a",), (Column("a", "string", ""), Column("b", "string", "", "none"), Column("c", "string", ""))
)
TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT)))
def test_any_text_survives_the_round_trip(rows):
    """Whatever the cells hold, a CSV reader gives them back."""
    file = io.StringIO(newline="")
    assert write_csv(file, TEXT_TABLE, rows) == len(rows)
    read = list(csv.reader(io.StringIO(file.getvalue(), newline=""), strict=True))
    assert read == [["a", "b", "c"], *map(list, rows)]


def test_memory_stays_flat():
    """A hundred times the rows take no more memory."""

    def peak(rows: int) -> int:
        tracemalloc.start()
        with Path(os.devnull).open("w") as file:
            write_csv(file, TEXT_TABLE, ((str(number), None, "word " * 200) for number in range(rows)))
        return tracemalloc.get_traced_memory()[1], tracemalloc.stop()

    assert peak(20_000)[0] < 1.5 * peak(200)[0]


def test_an_existing_folder_is_refused(made, tmp_path):
    """Without --force nothing that exists is touched."""
    (tmp_path / "out").mkdir()
    with pytest.raises(ExportError, match=r"exists already.*--force"):
        export(made[1], tmp_path / "out", now=NOW)


def test_force_replaces_an_export(made, tmp_path):
    """With --force a new export takes the place of the old one, and nothing else is left beside it."""
    export(made[1], tmp_path / "out", now=NOW)
    (tmp_path / "out" / "README.md").write_text("old")
    export(made[1], tmp_path / "out", now=NOW, force=True)
    assert "How to cite" in (tmp_path / "out" / "README.md").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("export_first", [False, True])
def test_force_never_replaces_what_is_not_ours(made, tmp_path, export_first):
    """A folder with any other file is left alone, also where an export lies in it."""
    target = tmp_path / "home"
    if export_first:
        export(made[1], target, now=NOW)
    target.mkdir(exist_ok=True)
    (target / "thesis.doc").write_text("years of work")
    with pytest.raises(ExportError, match=r"thesis\.doc, which is not from an export"):
        export(made[1], target, now=NOW, force=True)
    assert (target / "thesis.doc").read_text() == "years of work"


def test_a_file_as_target_is_refused(made, tmp_path):
    """A file is never replaced by a folder."""
    (tmp_path / "out").write_text("x")
    with pytest.raises(ExportError, match="is a file"):
        export(made[1], tmp_path / "out", now=NOW, force=True)


def test_a_missing_parent_is_one_clear_line(made, tmp_path):
    """The line names the folder that has to be made."""
    with pytest.raises(ExportError, match="does not exist; make it first") as caught:
        export(made[1], tmp_path / "no" / "out", now=NOW)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_parent_is_one_clear_line(made, tmp_path):
    """The line names the folder that may not be written."""
    tmp_path.chmod(0o555)
    with pytest.raises(ExportError, match="may not be written"):
        export(made[1], tmp_path / "out", now=NOW)


LIMITED = """
import resource, sys
from pathlib import Path
from db.export.export import export
from pipelines.model.errors import ClinicwatchError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    export(Path(sys.argv[1]), Path(sys.argv[2]), now="x", force=True)
except ClinicwatchError as error:
    print(error)
"""


def test_a_disk_that_refuses_leaves_the_old_export(made, tmp_path):
    """Where the disk takes no more, one line says so, the old export stands and no half one lies beside it."""
    before = (export(made[1], tmp_path / "out", now=NOW).folder / "README.md").read_bytes()
    command = [sys.executable, "-c", LIMITED, str(made[1]), str(tmp_path / "out")]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=DOCS.parent).stdout
    assert said.count("\n") == 1
    assert said.rstrip().endswith("no export was written")
    assert (tmp_path / "out" / "README.md").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_corpus_exports_empty_tables(tmp_path):
    """A corpus without a crawl gives valid tables without rows, and says so."""
    open_corpus(tmp_path / "c.db").close()
    summary = export(tmp_path / "c.db", tmp_path / "out", now=NOW)
    assert any("no documents" in line for line in summary.lines())
    assert "no documents" in (summary.folder / "README.md").read_text()
    assert {summary.rows[f"{name}.csv"] for name in ("documents", "pages", "captures", "sites")} == {0}
    assert validated(summary.folder).valid


def test_a_missing_corpus_is_not_made(tmp_path):
    """A wrong --db is one line, and makes no file."""
    with pytest.raises(CorpusError, match="there is no corpus here"):
        export(tmp_path / "none.db", tmp_path / "out", now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize("content", [b"", b"just some text, no database at all" * 50])
def test_a_file_that_is_no_corpus_is_one_clear_line(tmp_path, content):
    """Any other file is refused with what to do."""
    (tmp_path / "c.db").write_bytes(content)
    with pytest.raises(CorpusError, match="name another file with --db"):
        export(tmp_path / "c.db", tmp_path / "out", now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["c.db"]


def test_a_crawl_that_commits_meanwhile_is_not_half_in_it(tmp_path):
    """All tables are of one moment: a crawl that ends in the middle of an export is not in any of them."""
    path = tmp_path / "c.db"
    with corpus_of(path, {"/": ABOUT}) as writer:
        reader = connect(path, read_only=True)
        late = {"/late/": "A late page. " + ABOUT}
        tables = []

        def crawl_after_the_first_table(statement: str) -> None:
            if "FROM all_pages" in statement and not tables:
                tables.append(statement)
                crawl_texts(writer, path, late)

        reader.set_trace_callback(crawl_after_the_first_table)
        summary = export(reader, tmp_path / "out", now=NOW)
    assert tables
    assert validated(summary.folder).valid
    assert not [row for row in rows_of(summary.folder, "pages") if row["url"].endswith("/late/")]
    assert (summary.rows["crawls.csv"], summary.rows["documents.csv"]) == (1, 1)
    assert not reader.in_transaction


def test_a_given_connection_stays_usable(made, tmp_path):
    """Exporting over an open connection leaves it open, without a transaction."""
    db = made[0]
    export(db, tmp_path / "out", now=NOW)
    assert not db.in_transaction
    assert isinstance(db, sqlite3.Connection)


def test_the_documented_dictionary_is_current():
    """`docs/data-dictionary.md` says what the code says."""
    assert markdown(TABLES) in (DOCS / "data-dictionary.md").read_text(encoding="utf-8")
