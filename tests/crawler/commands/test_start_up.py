"""What a command loads before it does anything: those that only read the corpus load no crawler and no extractor."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crawler.commands.cli import COMMANDS
from tests.support.command import ROOT, environment
from tests.support.made_corpus import ABOUT, corpus_of

HEAVY = {
    *("scrapy", "twisted", "trafilatura", "tldextract", "requests", "lxml", "numpy", "scipy", "sklearn", "pandas"),
    *("sqlite_utils", "datasette", "uvicorn", "apprise", "pebble", "warcio", "selectolax", "charset_normalizer"),
}
# runs a command as the installed one does, and prints what it loaded as the last line
CHILD = """
import sys
from crawler.commands.cli import main
try:
    main(sys.argv[1:], prog_name="clinicwatch")
finally:
    print("loaded", *{name.partition(".")[0] for name in sys.modules}, flush=True)
"""


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    """Make a corpus that is up to date, its file of votes too."""
    path = tmp_path_factory.mktemp("start") / "c.db"
    with corpus_of(path, {"/": ABOUT, "/b": f"{ABOUT} b"}):
        loaded(path, "sample", "--n", "1", "--name", "first")
    return path


def loaded(db, *arguments: str, code: int = 0) -> set[str]:
    """Run a command in a process of its own; gives the top-level modules that it loaded."""
    named = () if "--help" in arguments else ("--db", str(db))
    done = subprocess.run([sys.executable, "-c", CHILD, *arguments, *named], cwd=db.parent, text=True, check=False,
                          env=environment() | {"PYTHONPATH": str(ROOT)}, capture_output=True)  # fmt: skip
    assert done.returncode == code, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("status", "--json"),
        ("changes",),
        ("digest",),
        ("digest", "--html"),
        ("families",),
        ("schedule", "systemd"),
        ("sample", "--n", "1", "--name", "again"),
        ("export", "--for-review", "sheet.csv"),
        ("export", "out"),
    ],
    ids=" ".join,
)
def test_commands_that_read_the_corpus_load_nothing_heavy(db, arguments):
    """Neither Scrapy nor an extractor, nor what migrates tables that need no migration."""
    assert loaded(db, *arguments) & HEAVY == set()


@pytest.mark.parametrize(("command", "needs"), [("agreement", {"numpy"}), ("rollup out", set())])
def test_agreement_loads_numpy_and_nothing_else(db, command, needs):
    """The bootstrap needs numpy; a round without votes is refused after all is loaded."""
    assert loaded(db, *command.split(), code=2) & HEAVY == needs


def test_labels_are_taken_in_with_nothing_heavy(db):
    """A sheet as it was written, without a label in it."""
    loaded(db, "export", "--for-review", "labels.csv")
    assert loaded(db, "import-labels", "labels.csv", "--reviewer", "A") & HEAVY == set()


def test_a_page_without_bytes_is_explained_without_the_extractor(db):
    """That there is nothing to explain is known before trafilatura is loaded."""
    assert not loaded(db, "explain", "http://cedar.example/none", code=1) & {"scrapy", "trafilatura", "numpy", "pandas"}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_loads_nothing_heavy(db, command):
    """The list of commands, and what each says of itself."""
    numbers = {"numpy"} if command == "agreement" else set()
    assert loaded(db, *command.split(), "--help") & HEAVY == numbers
