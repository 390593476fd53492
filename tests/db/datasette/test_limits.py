# ruff: noqa: E501  # queries stand as they are sent
"""No question to a served corpus takes the machine: memory and time are bounded, and long texts still show."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from db.datasette.limits import ANSWER, LONGEST, limit_connection, time_limit
from pipelines.reading.read import MAX_BODY
from tests.support.browser import server_of
from tests.support.made_corpus import ABOUT, corpus_of

MB = 1_000_000
LAST = "The last words of a long page."
LENGTHS = {"/long/": 1_200_000, "/longest/": MAX_BODY}
NUMBERS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
LARGE = "SELECT hex(zeroblob(2500000)) AS x LIMIT 1"
TOO_BIG, TOO_LONG, TOO_MUCH, TOO_MANY = "too big", "more than 1.5 seconds", "too much memory", "more than 32 MB"
HEAVY = {
    "a blob as text": ("SELECT hex(zeroblob(400000000))", TOO_BIG),
    "one sign many times": ("SELECT printf('%.*c', 2000000000, 'x')", TOO_BIG),
    "a part that grows": ("SELECT replace(replace(hex(zeroblob(50000)), '0', hex(zeroblob(50))), '0', hex(zeroblob(50)))", TOO_BIG),
    "a part searched for at each place": ("SELECT instr(hex(zeroblob(5000000)), hex(zeroblob(2500000)) || '1')", TOO_BIG),
    "signs trimmed": ("SELECT trim(hex(zeroblob(5000000)), hex(randomblob(2500000)) || 'x')", TOO_BIG),
    "numbers without end": (f"{NUMBERS} SELECT count(*) FROM c", TOO_LONG),
    "numbers without end, each once": (f"{NUMBERS.replace(' ALL', '')} SELECT count(*) FROM c", TOO_LONG),
    "one list of all": (f"{NUMBERS} SELECT group_concat(hex(zeroblob(100000))) FROM c", TOO_LONG),
    "large rows": (f"{NUMBERS} SELECT hex(zeroblob(5000000)) FROM c", TOO_MANY),
    "many middling rows": (f"{NUMBERS} SELECT hex(zeroblob(100000)) FROM c", TOO_MANY),
    "large columns": (f"SELECT {', '.join(f'hex(zeroblob({5_000_000 + n}))' for n in range(40))}", TOO_MUCH),
    "one blob in many columns": (f"SELECT {', '.join(['CAST(x AS BLOB)'] * 150)} FROM ({LARGE})", TOO_MUCH),
    "signs that JSON writes long": ("SELECT printf('%.*c', 11000000, char(1))", TOO_MANY),
    "a large text at each number": (f"{NUMBERS} SELECT sum(length(upper(x || n))) FROM c, ({LARGE})", TOO_LONG),
    "a pattern at each number": (f"{NUMBERS} SELECT sum(x LIKE '%' || substr(x, 1, 90) || '1%') FROM c, ({LARGE})", TOO_LONG),
    "every row with every row": ("SELECT count(*) FROM pages a, pages b, pages c, pages d, pages e, pages f, pages g, pages h, pages i, pages j, pages k", TOO_LONG),
    "a sort": (f"{NUMBERS} SELECT randomblob(1000) FROM (SELECT n FROM c LIMIT 9999999) ORDER BY 1", TOO_LONG),
}  # fmt: skip
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Answer(NamedTuple):
    """What the server said, and what it took meanwhile."""

    status: int
    text: str
    grown: int
    cpu: float


class Served(NamedTuple):
    """A served corpus: address, process, and the numbers of its pages by path."""

    address: str
    process: int
    pages: dict[str, int]

    def get(self, path: str) -> Answer:
        """Ask for a page, and read off the process what its answer took."""
        proc = Path("/proc") / str(self.process)
        (proc / "clear_refs").write_text("5", encoding="ascii")  # its peak counts from here
        before, used = self._kilobytes("VmRSS"), self._cpu()
        try:
            with OPENER.open(self.address + path, timeout=120) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        return Answer(status, text, (self._kilobytes("VmHWM") - before) * 1024, self._cpu() - used)

    def _kilobytes(self, name: str) -> int:
        lines = Path(f"/proc/{self.process}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name))

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve a corpus with a page of 1.2 MB, and one as long as a body may be."""
    path = tmp_path_factory.mktemp("limits") / "corpus.db"
    with corpus_of(path, {"/": ABOUT} | {where: f"{ABOUT}\nThis is {where}\n{LAST}" for where in LENGTHS}) as db:
        db.commit()
        pages = {url.partition(".example")[2]: page for page, url in db.execute("SELECT id, url FROM pages")}
        for where, size in LENGTHS.items():
            key, text = db.execute(
                "SELECT sha256, text FROM versions JOIN texts ON sha256 = own_sha256 WHERE page = ?", (pages[where],)
            ).fetchone()
            line = "Ketamine is given by a nurse who stays for the session, and nobody is left alone at any time.\n"
            longer = (line * (size // len(line)))[: size - len(text) - 1] + "\n" + text
            db.execute("UPDATE texts SET text = ? WHERE sha256 = ?", (longer, key))
        db.commit()
    with server_of(path) as (address, process):
        yield Served(address, process, pages)


@pytest.mark.parametrize("form", ["", ".json"])
@pytest.mark.parametrize("shape", HEAVY)
def test_a_heavy_query_is_refused_and_takes_little(served, shape, form):
    """It ends with status 400 and says why, in under 100 MB and some seconds of CPU."""
    sql, says = HEAVY[shape]
    answer = served.get(f"/corpus{form}?{urlencode({'sql': sql})}")
    assert answer.status == 400
    # where the queries before it still hold memory, a large answer meets the bound of all memory first
    assert says in answer.text or (says == TOO_MANY and TOO_MUCH in answer.text)
    assert answer.grown < 100 * MB
    assert answer.cpu < 4


@pytest.mark.parametrize("form", ["", ".json"])
def test_a_heavy_condition_on_a_table_is_refused_too(served, form):
    """SQL goes into the lists as well."""
    for condition in ("length(hex(zeroblob(400000000)))", f"({NUMBERS} SELECT count(*) FROM c)"):
        answer = served.get(f"/corpus/pages{form}?{urlencode({'_where': condition})}")
        assert answer.status == 400
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("where", LENGTHS)
def test_a_long_text_is_shown_whole(served, where):
    """As a page to read, by SQL, and as JSON."""
    assert LAST in served.get(f"/corpus/pages/{served.pages[where]}").text
    sql = "SELECT text FROM texts JOIN versions ON sha256 = own_sha256 WHERE page = :page"
    answer = served.get(f"/corpus.json?{urlencode({'sql': sql, 'page': served.pages[where], '_shape': 'arrays'})}")
    assert answer.status == 200
    assert len(json.loads(answer.text)["rows"][0][0]) == LENGTHS[where]


def test_the_server_goes_on_after_queries_that_were_refused(served):
    """Nothing of them stays in memory, and pages are shown."""
    for sql, _ in HEAVY.values():
        served.get(f"/corpus.json?{urlencode({'sql': sql})}")
    assert served.get("/").status == 200
    assert served.get(f"/corpus/pages/{served.pages['/']}").grown < 20 * MB


def test_a_value_may_be_longer_than_any_body_that_is_read():
    """So that no page's text is one that cannot be shown."""
    assert MAX_BODY < LONGEST < ANSWER


@pytest.mark.parametrize(
    "call",
    ["instr('abc', 'c')", "instr(12345, 4)", "instr(x'0102', x'02')", "instr('a', NULL)", "instr('aé€b', 'b')",
     "replace('aXbX', 'X', '--')", "replace(1.5, '.', ',')", "replace(NULL, 1, 2)", "replace('a', '', 'b')",
     "trim('  a ')", "trim('xxaxx', 'x')", "ltrim(NULL)", "rtrim('ab', '')", "printf('%05d|%s|%*d', 42, 'a', 7, 3)",
     "printf('call 5125550100 %s', 5125550100)", "format('%,d', 1234567)", """json_patch('{"a":1}', '{"a":null,"b":[1]}')"""],
)  # fmt: skip
def test_functions_are_those_of_sqlite(call):
    """What is guarded gives the same values of the same types."""
    with (
        contextlib.closing(sqlite3.connect(":memory:")) as ours,
        contextlib.closing(sqlite3.connect(":memory:")) as own,
    ):
        limit_connection(ours)
        ask = f"SELECT {call}, typeof({call})"
        assert tuple(ours.execute(ask).fetchone()) == own.execute(ask).fetchone()


def test_each_answer_is_counted_by_itself():
    """Many answers of some size on one connection are no large one."""
    with contextlib.closing(sqlite3.connect(":memory:")) as db:
        limit_connection(db)
        for _ in range(5):
            with time_limit(db, 60_000):
                assert len(db.execute("SELECT hex(zeroblob(5000000)), zeroblob(5000000)").fetchall()) == 1
        with pytest.raises(sqlite3.OperationalError, match="more than 32 MB"):
            db.execute(f"SELECT zeroblob(9000000) FROM ({' UNION ALL '.join(['SELECT 1'] * 4)})").fetchall()
