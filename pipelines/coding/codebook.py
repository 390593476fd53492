"""The codebook as data: what people code, by which definition, and the cues that propose sentences to them.

A codebook is a TOML file (``seeds/codebook.toml``); another topic is another file. It is read into frozen values and
checked as a whole: what is wrong is told with its line. Cues are regular expressions with named parts
(``{people}``, from ``[vocabulary]``); they may not repeat without a limit, so that no page can hold a scan.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.model.errors import UsageError
from pipelines.text.casefold_regex import for_casefolded
from pipelines.text.toml_positions import TomlLines, syntax_line

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LEVELS",
    "RESERVED_KEYS",
    "TYPES",
    "Code",
    "Codebook",
    "CodebookError",
    "Cue",
    "Table",
    "check_fields",
    "inner_table",
    "load_codebook",
    "markdown",
    "read_table",
]

LEVELS = ("sentence", "page", "advertiser")
TYPES = ("boolean", "category", "set", "number", "text")
BOOLEAN = ("yes", "no", "unclear")
RESERVED_KEYS = frozenset("jkunfyx")  # the desk's own: next, back, undo, note, flag, accept, reject
CODE_FIELDS = {
    "id": str,
    "name": str,
    "level": str,
    "type": str,
    "values": list,
    "key": str,
    "definition": str,
    "positive": str,
    "negative": str,
    "source": str,
    "reference": str,
    "omission": bool,
    "cues": list,
}
CODE_NEEDS = ("id", "name", "level", "type", "key", "definition", "positive", "negative", "source")
CUE_FIELDS = {
    "name": str,
    "value": str,
    "words": list,
    "pattern": str,
    "near": list,
    "needs": list,
    "unless": list,
    "never": list,
    "within": int,
    "asks": bool,
}
CUE_NEEDS = ("name", "pattern", "words")
PATTERNS = ("near", "needs", "unless", "never")
KINDS = {
    str: "text in quotes",
    list: "a list in [ ]",
    bool: "true or false",
    int: "a whole number",
    dict: "a table",
    dt.date: "a day such as 2025-01-21, without quotes",
}
ID = re.compile(r"[A-Z]\d{1,2}_[a-z][a-z0-9_]{0,30}")
NAMED = re.compile(r"\{([a-z_]+)\}")
ESCAPED = re.compile(r"\\.", re.DOTALL)
CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
UNLIMITED = re.compile(r"[*+]|\{\d*,\}")
WITHIN = 80  # characters: about one clause


class CodebookError(UsageError):
    """Raised for a codebook or reference set that is broken; its text names file, line, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What proposes a sentence: ``pattern`` finds a place in it, the rest says whether the place counts.

    The cue is tried only on sentences with a word that begins with one of ``words`` (lower case; a mark such as ``%``
    is a word). Around the match, as far as its clause and at most ``within`` characters, each of ``near`` must and
    none of ``unless`` may be found; in the whole sentence each of ``needs`` must and none of ``never`` may. A cue that
    ``asks`` is tried on a question together with its answer, any other on statements only. ``value`` is the value
    that it suggests to the reader.
    """

    name: str
    pattern: re.Pattern[str]
    words: tuple[str, ...]
    value: str = ""
    near: tuple[re.Pattern[str], ...] = ()
    needs: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    never: tuple[re.Pattern[str], ...] = ()
    within: int = WITHIN
    asks: bool = False
    small: re.Pattern[str] | None = None

    def find(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Find the next place of the pattern; ``small`` is the pattern for small letters, where there can be one."""
        if self.small and text.isascii():
            return self.small.search(text.lower(), start)
        return self.pattern.search(text, start)


@dataclass(frozen=True, slots=True)
class Code:
    """One code: ``level`` is what it is said of, ``values`` the closed list of its values, ``key`` its keyboard key.

    ``reference`` names the reference set that is its standard of truth. ``omission`` codes roll up to the advertiser
    over all pages: a risk that the consent page names is named.
    """

    id: str
    name: str
    level: str
    type: str
    key: str
    definition: str
    positive: str
    negative: str
    source: str
    values: tuple[str, ...] = ()
    reference: str = ""
    omission: bool = False
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """A codebook: ``version`` is the one that its authors gave, ``hash`` says which text of it was used."""

    name: str
    version: str
    hash: str
    codes: tuple[Code, ...]

    def code(self, code: str) -> Code | None:
        """Give a code by its id."""
        return next((one for one in self.codes if one.id == code), None)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file while it is read: its values, and where it stands, for what is to be said of it."""

    file: str
    lines: TomlLines
    line: int
    data: Mapping[str, Any]
    what: str

    def fail(self, problem: str, key: str | None = None) -> CodebookError:
        """Say what is wrong in this table, at the line of a key or of the table's header."""
        line = self.lines.key(key, self.line) if key else max(self.line, 1)
        return CodebookError(f"{self.file}:{line}: {self.what}: {problem}")


def load_codebook(text: str, file: str = "codebook.toml") -> Codebook:
    """Read a codebook; raises :class:`CodebookError` with the line of the first thing that is wrong."""
    table = read_table(text, file, "codebook")
    check_fields(table, {"name": str, "version": str, "vocabulary": dict, "codes": list}, ("name", "version", "codes"))
    vocabulary = _vocabulary(table)
    codes = tuple(_code(table, number, vocabulary) for number in range(len(table.data["codes"])))
    if not codes:
        raise table.fail("has no code; write one [[codes]] table for each", "codes")
    _refuse_doubles(table, codes)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    return Codebook(table.data["name"], table.data["version"], digest, codes)


def read_table(text: str, file: str, what: str) -> Table:
    """Parse a TOML text; what is no TOML is told with its line."""
    try:
        return Table(file, TomlLines(text), 0, tomllib.loads(text), what)
    except tomllib.TOMLDecodeError as error:
        line, problem = syntax_line(str(error), text)
        raise CodebookError(f"{file}:{line}: this is not TOML: {problem}; check quotes and brackets there") from error


def check_fields(table: Table, kinds: Mapping[str, type], needs: tuple[str, ...]) -> None:
    """Refuse a table with an unknown, missing, empty or wrongly typed field."""
    for key, value in table.data.items():
        if key not in kinds:
            raise table.fail(f"unknown field {key!r}; known are {', '.join(kinds)}", key)
        if not isinstance(value, kinds[key]) or (kinds[key] is int and isinstance(value, bool)):
            raise table.fail(f"{key} must be {KINDS[kinds[key]]}, not {value!r:.40}", key)
    for key in needs:
        if not table.data.get(key):
            raise table.fail(f"has no {key}; add a line {key} = ...", key if key in table.data else None)


def inner_table(table: Table, name: str, number: int, data: Any, what: str) -> Table:
    """Give the ``number``-th table of an array of tables, with its place."""
    line = table.lines.table(name, number, table.line)
    if not isinstance(data, dict):
        raise CodebookError(f"{table.file}:{line}: {what}: must be a table; write it as [[{name}]]")
    return Table(table.file, table.lines, line, data, what)


def _vocabulary(table: Table) -> dict[str, str]:
    """Read the named parts of patterns; a part may use those before it."""
    parts: dict[str, str] = {}
    data = table.data.get("vocabulary", {})
    place = Table(table.file, table.lines, table.lines.table("vocabulary", 0), data, "vocabulary")
    for name, pattern in data.items():
        if not isinstance(pattern, str) or not NAMED.fullmatch(f"{{{name}}}"):
            raise place.fail(f"{name!r} must be a name in small letters with a pattern in quotes", name)
        parts[name] = f"(?:{_expand(place, name, pattern, parts)})"
        _compile(place, name, pattern, parts)
    return parts


def _expand(table: Table, key: str, pattern: str, vocabulary: Mapping[str, str]) -> str:
    unknown = sorted(set(NAMED.findall(pattern)) - set(vocabulary))
    if unknown:
        raise table.fail(f"{key} uses {{{unknown[0]}}}, which [vocabulary] does not have above it", key)
    return NAMED.sub(lambda named: vocabulary[named[1]], pattern)


def _compile(table: Table, key: str, pattern: Any, vocabulary: Mapping[str, str]) -> re.Pattern[str]:
    if not isinstance(pattern, str) or not pattern:
        raise table.fail(f"{key} must hold patterns in quotes, not {pattern!r:.40}", key)
    repeat = UNLIMITED.search(CLASS.sub("x", ESCAPED.sub("x", pattern)))
    if repeat:
        raise table.fail(f"{key} repeats without a limit ({repeat[0]}); write {{0,40}} or the like", key)
    try:
        return re.compile(_expand(table, key, pattern, vocabulary), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise table.fail(f"{key} is no regular expression: {error}; mend {pattern!r:.60}", key) from error


def _code(table: Table, number: int, vocabulary: Mapping[str, str]) -> Code:
    data = table.data["codes"][number]
    name = data.get("id", f"number {number + 1}") if isinstance(data, dict) else f"number {number + 1}"
    code = inner_table(table, "codes", number, data, f"code {name}")
    check_fields(code, CODE_FIELDS, CODE_NEEDS)
    _check_code(code)
    cues = tuple(_cue(code, place, vocabulary) for place in range(len(data.get("cues", ()))))
    _refuse_double(code, [cue.name for cue in cues], "cue")
    return Code(**data | {"values": _values(code), "cues": cues})


def _check_code(code: Table) -> None:
    data = code.data
    if not ID.fullmatch(data["id"]):
        raise code.fail(f"id {data['id']!r} must be a letter, a number, _ and small letters, such as E1_rate", "id")
    for key, known in (("level", LEVELS), ("type", TYPES)):
        if data[key] not in known:
            raise code.fail(f"unknown {key} {data[key]!r}; use one of {', '.join(known)}", key)
    if len(data["key"]) != 1 or not data["key"].isascii() or not data["key"].isalnum() or data["key"].isupper():
        raise code.fail(f"key {data['key']!r} must be one small letter or digit", "key")
    if data["key"] in RESERVED_KEYS:
        raise code.fail(f"key {data['key']!r} is the desk's own; choose another than {' '.join(sorted(RESERVED_KEYS))}",
                        "key")  # fmt: skip


def _values(code: Table) -> tuple[str, ...]:
    values, kind = code.data.get("values", []), code.data["type"]
    if any(not isinstance(value, str) or not value for value in values):
        raise code.fail("values must be texts in quotes", "values")
    if kind in {"category", "set"} and len(values) < 2:
        raise code.fail(f"a {kind} needs values = [...] with two values or more", "values")
    if kind not in {"category", "set"} and values:
        raise code.fail(f"a {kind} has no values of its own; take the line out", "values")
    _refuse_double(code, values, "value", "values")
    return BOOLEAN if kind == "boolean" else tuple(values)


def _cue(code: Table, number: int, vocabulary: Mapping[str, str]) -> Cue:
    data = code.data["cues"][number]
    name = data.get("name", number + 1) if isinstance(data, dict) else number + 1
    cue = inner_table(code, "codes.cues", number, data, f"{code.what}, cue {name}")
    check_fields(cue, CUE_FIELDS, CUE_NEEDS)
    if any(not isinstance(word, str) or not word or word != word.lower() for word in data["words"]):
        raise cue.fail("words must be beginnings of words in small letters", "words")
    if data.get("value") and data["value"] not in (*code.data.get("values", ()), *BOOLEAN):
        raise cue.fail(f"value {data['value']!r} is not among the values of the code", "value")
    if not 1 <= data.get("within", WITHIN) <= 300:
        raise cue.fail("within must be 1 to 300 characters", "within")
    lists = {key: tuple(_compile(cue, key, one, vocabulary) for one in data.get(key, ())) for key in PATTERNS}
    pattern = _compile(cue, "pattern", data["pattern"], vocabulary)
    own = {"pattern": pattern, "small": for_casefolded(pattern), "words": tuple(data["words"])}
    return Cue(**data | lists | own)


def _refuse_double(table: Table, names: list[str], what: str, key: str | None = None) -> None:
    double = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if double is not None:
        raise table.fail(f"has the {what} {double!r} twice; take one out", key)


def _refuse_doubles(table: Table, codes: tuple[Code, ...]) -> None:
    """Refuse two codes with one id or one key, with the line of the second."""
    for key in ("id", "key"):
        seen: dict[str, str] = {}
        for number, code in enumerate(codes):
            value = getattr(code, key)
            if value in seen:
                place = inner_table(table, "codes", number, table.data["codes"][number], f"code {code.id}")
                raise place.fail(f"{key} {value!r} is taken by {seen[value]}; give each code its own", key)
            seen[value] = code.id


def markdown(book: Codebook) -> str:
    """Write a codebook as Markdown, for ``docs/codebook.md``."""
    return "\n".join(line for code in book.codes for line in _section(code))


def _section(code: Code) -> tuple[str, ...]:
    values = ", ".join(code.values) if code.values else "free"
    standard = f" Standard: reference set `{code.reference}`." if code.reference else ""
    omission = " Rolls up to the advertiser over all pages." if code.omission else ""
    return (
        f"### {code.id}: {code.name}\n",
        f"{code.definition}{standard}{omission}\n",
        f"- {code.level}, {code.type}: {values}; key `{code.key}`",
        f'- holds: "{code.positive}"',
        f'- does not hold: "{code.negative}"',
        f"- cues: {', '.join(cue.name for cue in code.cues) or 'none'}",
        f"- after: {code.source}\n",
    )
