"""Seeds files as people write them: each mistake named by its line, nothing started."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.engine.rule_files import SEEDS, load_rules
from crawler.engine.seeds import load_seeds, parse_seeds
from pipelines.model.errors import UsageError
from pipelines.model.records import Seed


@pytest.mark.parametrize(
    "text",
    [
        "url,name,city,state,class\nhttps://www.Cedar.example/#top,Cedar,Salem,OR,clinic\n",
        "url,name,city,state,class\r\nhttps://www.cedar.example/,Cedar,Salem,OR,clinic\r\n",
        "name,class,URL,state,city\n Cedar , clinic , https://www.cedar.example/ ,OR,Salem",
        "url,name,city,state,class\n\n,,,,\nhttps://www.cedar.example,Cedar,Salem,OR,clinic\n\n",
        'url,name,city,state,class,note\n"https://www.cedar.example/","Cedar","Salem",OR,clinic,"two\nlines"\n',
        "url,name,city,state,class\rhttps://www.cedar.example/,Cedar,Salem,OR,clinic\r",
    ],
)
def test_a_line_is_a_seed(text):
    """Order of columns, case, spaces, empty lines, other columns and line ends make no difference."""
    (row,) = parse_seeds(text)
    assert row.seed == Seed("https://www.cedar.example/", "Cedar", "Salem", "OR", "clinic")
    assert (row.url, row.host, row.advertiser) == ("https://www.cedar.example/", "cedar.example", "cedar.example")


def test_only_the_url_is_needed():
    """A list of addresses is a seeds file."""
    assert [row.host for row in parse_seeds("url\nhttp://a.example\nhttp://b.example/start\n")] == [
        "a.example",
        "b.example",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("url,name\nhttp://a.example/,A\nno,B\nftp://c.example/,C\n", ["line 3", "line 4"]),
        ('url,name\nhttp://a.example/,"two\nlines"\nno,B\n', ["line 4: 'no'"]),
        ("url,name\nhttp://a.example/,A\u2028B\nno,B\n", ["line 3: 'no'"]),
        ('"url\nhttp://a.example/\n', ["line 1"]),
        ("url,url\nhttp://a.example/,http://b.example/\n", ["line 1", "two columns `url`"]),
        ("url\nhttp://user:secret@a.example/\n", ["line 2", "user information"]),
        ("url\nhttp://a b.example/\n", ["line 2", "no http"]),
        ("url;name\nhttp://a.example/;A\n", ["line 1", "no column `url`"]),
    ],
)
def test_each_mistake_is_named_by_its_line(text, words):
    """The line is that of the file, also behind a cell that goes over two lines."""
    with pytest.raises(UsageError) as raised:
        parse_seeds(text, "my.csv")
    assert "my.csv" in str(raised.value)
    assert all(word in str(raised.value) for word in words), raised.value
    assert "\n" not in str(raised.value)


@given(st.one_of(st.text(max_size=80), st.text(alphabet='url,name\n\r"http://a.example ', max_size=80)))
@example('url\n"')
def test_any_text_is_seeds_or_a_clear_error(text):
    """Whatever file is named by mistake: seeds, or one error of ours."""
    with contextlib.suppress(UsageError):
        assert parse_seeds(text)


def test_a_file_in_another_encoding_is_named(tmp_path):
    """A file saved as UTF-16 is no seeds file, and the message says what to do."""
    (tmp_path / "s.csv").write_text("url\nhttp://a.example/\n", encoding="utf-16")
    with pytest.raises(UsageError, match="UTF-8"):
        load_seeds(tmp_path / "s.csv")


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    """A file saved by a spreadsheet begins with a byte order mark."""
    (tmp_path / "s.csv").write_text("url\nhttp://a.example/\n", encoding="utf-8-sig")
    assert load_seeds(tmp_path / "s.csv")[0].host == "a.example"


def test_our_own_seeds_and_topic_are_sound():
    """The list that a crawl takes by default has no line that is refused, and the topic file can be read."""
    assert len(load_seeds(SEEDS / "sites.csv")) > 100
    assert load_rules().topic


def test_a_broken_topic_file_is_named(tmp_path):
    """A topic file that is missing or no TOML is a usage error with its path."""
    (tmp_path / "t.toml").write_text("= nonsense")
    for path in (tmp_path / "t.toml", tmp_path / "none.toml"):
        with pytest.raises(UsageError, match=path.name):
            load_rules(path)
