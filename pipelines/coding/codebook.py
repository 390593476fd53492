"""The codebook as data: what people code, by which definition, and the cues that propose sentences to them.

A codebook is a TOML file (``seeds/codebook.toml``); another topic is another file. It is read into frozen values and
checked as a whole; what is wrong is said with its line. Cues are regular expressions with named parts (``{people}``,
from ``[vocabulary]``); they may not repeat without a limit, so that no page can hold a scan.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from pipelines.model.errors import UsageError
from pipelines.text.casefold_regex import Caseless, to_small
from pipelines.text.toml_model import Listed, ProblemAt, Text, TomlModel, load_toml_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["NO_SUBJECT", "RESERVED_KEYS", "Code", "Codebook", "CodebookError", "Cue", "load_codebook", "markdown"]

NO_SUBJECT = "unknown"  # of a sentence that nothing around it tells the subject of
BOOLEAN_VALUES = ("yes", "no", "unclear")
LISTED_TYPES = frozenset({"category", "set"})  # types of code that have a list of values of their own
RESERVED_KEYS = frozenset("jkunfyx")  # of the coding page: next, back, undo, note, flag, accept, reject
DEFAULT_WITHIN = 80  # characters: about one clause
ID = re.compile(r"[A-Z]\d{1,2}_[a-z][a-z0-9_]{0,30}")
KEYBOARD_KEY = re.compile(r"[a-z0-9=;-]")  # with Shift it opens the code's question
PART = re.compile(r"\{([a-z_]+)\}")
ESCAPED = re.compile(r"\\.", re.DOTALL)
CHARACTER_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
UNLIMITED = re.compile(r"[*+]|\{\d*,\}")


class CodebookError(UsageError):
    """Raised for a codebook or reference set that is broken; its text names file, line, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What proposes a sentence: ``pattern`` finds a place in it, the rest says whether the place counts.

    The cue is tried only on sentences with a word that begins with one of ``words`` (lower case; a mark such as ``%``
    is a word, ``#`` stands for any number in digits), and that begin as ``begins`` says where it says so. Around the
    match, as far as its clause and at most ``within`` characters, each of ``near`` must and none of ``unless`` may be
    found; in the whole sentence each of ``needs`` must and none of ``never`` may. A cue that ``asks`` is tried on a
    question together with its answer, any other on statements only. ``value`` is the value that it suggests.

    A heading, a question or a line with a colon opens contexts for what stands below it: in ``needs`` and ``never``
    ``<risks>`` stands for the open context of that name. The cue counts only ``under`` one of these contexts; one with
    ``under`` and no ``words`` is tried on all that stands there. ``subjects`` are those that the words may be about
    (any where there are none), and ``subject_from`` says how far a subject may be carried: ``named`` in the sentence,
    from the sentence ``before``, from the ``heading``, or from the ``text`` as a whole.
    """

    name: str
    pattern: Caseless
    words: tuple[str, ...]
    value: str = ""
    begins: Caseless | None = None
    near: tuple[Caseless, ...] = ()
    needs: tuple[Caseless, ...] = ()
    unless: tuple[Caseless, ...] = ()
    never: tuple[Caseless, ...] = ()
    within: int = DEFAULT_WITHIN
    asks: bool = False
    under: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    subject_from: str = "text"

    def find(self, text: str, small: str | None = None, start: int = 0) -> re.Match[str] | None:
        """Find the next place of the pattern in a text; ``small`` is the text in small letters, where there is such."""
        return self.pattern.search(text, to_small(text) if small is None else small, start)


@dataclass(frozen=True, slots=True)
class Code:
    """One code: ``level`` is what it is said of, ``values`` the closed list of its values, ``key`` its keyboard key.

    ``labels`` are the words for values, where their ids do not read well. ``reference`` names the reference set that is
    its standard of truth. ``omission`` codes roll up to the advertiser over all pages: a risk that only the consent
    page names is named.
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
    labels: Mapping[str, str] = field(default_factory=dict)
    reference: str = ""
    omission: bool = False
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """A codebook: ``version`` is the one that its authors gave, ``hash`` says which text of it was used.

    ``subjects`` are the words by which a sentence shows what it is about, the first the subject of the whole book;
    ``contexts`` are what a heading, a question or a line with a colon opens for the lines below it.
    """

    name: str
    version: str
    hash: str
    codes: tuple[Code, ...]
    subjects: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    contexts: Mapping[str, Caseless] = field(default_factory=dict)

    def code(self, code: str) -> Code | None:
        """Give a code by its id."""
        return next((one for one in self.codes if one.id == code), None)


def load_codebook(text: str, file: str = "codebook.toml") -> Codebook:
    """Read a codebook; raises :class:`CodebookError` with the line of the first thing that is wrong."""
    book = load_toml_model(text, _CodebookFile, file, CodebookError)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    compiled = book.compiled
    return Codebook(book.name, book.version, digest, compiled.codes, compiled.subjects, compiled.contexts)


# -- the file ----------------------------------------------------------------------------------------------------------


class _CueEntry(TomlModel):
    """A table ``[[codes.cues]]``: a cue with its patterns as they are written."""

    name: Text
    value: str = ""
    words: Listed[Text] = ()
    pattern: Text
    begins: str = ""
    near: Listed[Text] = ()
    needs: Listed[Text] = ()
    unless: Listed[Text] = ()
    never: Listed[Text] = ()
    within: int = Field(default=DEFAULT_WITHIN, ge=1, le=300)
    asks: bool = False
    under: Listed[Text] = ()
    subjects: Listed[Text] = ()
    subject_from: Literal["named", "before", "heading", "text"] = "text"

    @model_validator(mode="after")
    def _check(self) -> _CueEntry:
        if not self.words and not self.under:
            raise ValueError("has no words; give words = [...] that it is tried on, or contexts under = [...]")
        if any(word != word.lower() for word in self.words):
            raise ProblemAt("words must be beginnings of words in small letters", "words")
        return self


class _CodeEntry(TomlModel):
    """A table ``[[codes]]``."""

    id: Text
    name: Text
    level: Literal["sentence", "page", "advertiser"]
    type: Literal["boolean", "category", "set", "number", "text"]
    values: Listed[Text] = ()
    labels: dict[str, Text] = Field(default_factory=dict)
    key: Text
    definition: Text
    positive: Text
    negative: Text
    source: Text
    reference: str = ""
    omission: bool = False
    subjects: Listed[Text] = ()
    never: Listed[Text] = ()
    cues: Listed[_CueEntry] = ()

    @model_validator(mode="after")
    def _check_labels(self) -> _CodeEntry:
        if unknown := sorted(self.labels.keys() - set(self.values)):
            raise ProblemAt(f"labels {unknown[0]!r}, which is not among its values", "labels")
        return self

    @model_validator(mode="after")
    def _check(self) -> _CodeEntry:
        if not ID.fullmatch(self.id):
            raise ProblemAt(f"id {self.id!r} must be a letter, a number, _ and small letters, such as E1_rate", "id")
        if not KEYBOARD_KEY.fullmatch(self.key):
            raise ProblemAt(f"key {self.key!r} must be one small letter or digit, or one of - = ;", "key")
        if self.key in RESERVED_KEYS:
            taken = " ".join(sorted(RESERVED_KEYS))
            raise ProblemAt(f"key {self.key!r} is the desk's own; choose another than {taken}", "key")
        if self.type in LISTED_TYPES and len(self.values) < 2:
            raise ProblemAt(f"a {self.type} needs values = [...] with two values or more", "values")
        if self.type not in LISTED_TYPES and self.values:
            raise ProblemAt(f"a {self.type} has no values of its own; take the line out", "values")
        if value := _first_double(self.values):
            raise ProblemAt(f"has the value {value.text!r} twice; take one out", "values")
        if cue := _first_double([cue.name for cue in self.cues]):
            raise ProblemAt(f"has the cue {cue.text!r} twice; take one out", "cues", cue.place, "name")
        for number, entry in enumerate(self.cues):
            if entry.value and entry.value not in (*self.values, *BOOLEAN_VALUES):
                problem = f"value {entry.value!r} is not among the values of the code"
                raise ProblemAt(problem, "cues", number, "value")
        return self


class _CodebookFile(TomlModel):
    """The whole file; patterns are compiled while it is checked, for they need the vocabulary."""

    name: Text
    version: Text
    vocabulary: dict[str, Text] = Field(default_factory=dict)
    subjects: dict[str, Text] = Field(default_factory=dict)
    contexts: dict[str, Text] = Field(default_factory=dict)
    codes: Annotated[Listed[_CodeEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _check(self) -> _CodebookFile:
        for name in ("id", "key"):
            values = [getattr(code, name) for code in self.codes]
            if double := _first_double(values):
                first = self.codes[values.index(double.text)].id
                problem = f"{name} {double.text!r} is taken by {first}; give each code its own"
                raise ProblemAt(problem, "codes", double.place, name)
        assert self.compiled  # raises what is wrong with a pattern
        return self

    @cached_property
    def compiled(self) -> _Compiled:
        """The codes with their cues compiled, and the patterns of subjects and contexts."""
        parts: dict[str, str] = {}
        for name, pattern in self.vocabulary.items():
            place = ("vocabulary", name)
            if not PART.fullmatch(f"{{{name}}}"):
                raise ProblemAt(f"{name!r} must be a name in small letters with a pattern in quotes", *place)
            parts[name] = f"(?:{_compile(pattern, parts, *place).pattern})"
        subjects = {name: _compile(each, parts, "subjects", name) for name, each in self.subjects.items()}
        contexts = {name: Caseless(_compile(each, parts, "contexts", name)) for name, each in self.contexts.items()}
        codes = []
        for number, entry in enumerate(self.codes):
            self._known("subjects", entry.subjects, "codes", number)
            cues = []
            for order, cue in enumerate(entry.cues):
                for name in ("subjects", "under"):
                    self._known(name, getattr(cue, name), "codes", number, "cues", order)
                cues.append(_compiled_cue(cue, entry, parts, "codes", number, "cues", order))
            values = BOOLEAN_VALUES if entry.type == "boolean" else entry.values
            fields = dict(entry) | {"values": values, "cues": tuple(cues)}
            codes.append(Code(**{name: value for name, value in fields.items() if name in Code.__dataclass_fields__}))
        return _Compiled(tuple(codes), subjects, contexts)

    def _known(self, kind: str, names: Sequence[str], *place: str | int) -> None:
        """Raise :class:`ProblemAt` for a subject or context that the file does not have."""
        table = "subjects" if kind == "subjects" else "contexts"
        known = (*self.subjects, NO_SUBJECT) if table == "subjects" else tuple(self.contexts)
        if unknown := [name for name in names if name not in known]:
            raise ProblemAt(f"{kind} names {unknown[0]!r}, which [{table}] does not have", *place, kind)


class _Compiled(NamedTuple):
    """What a file of the codebook compiles to."""

    codes: tuple[Code, ...]
    subjects: dict[str, re.Pattern[str]]
    contexts: dict[str, Caseless]


def _compiled_cue(entry: _CueEntry, code: _CodeEntry, parts: Mapping[str, str], *place: str | int) -> Cue:
    """Compile a cue; what it does not say on subjects and places is what its code says."""
    pattern = _compile(entry.pattern, parts, *place, "pattern")
    lists = {
        name: tuple(Caseless(_compile(each, parts, *place, name)) for each in getattr(entry, name))
        for name in ("near", "needs", "unless", "never")
    }
    lists["never"] += tuple(Caseless(_compile(each, parts, *place[:2], "never")) for each in code.never)
    begins = Caseless(_compile(entry.begins, parts, *place, "begins")) if entry.begins else None
    sets = {"under": frozenset(entry.under), "subjects": frozenset(entry.subjects or code.subjects)}
    return Cue(**dict(entry) | lists | sets | {"pattern": Caseless(pattern), "begins": begins})


def _compile(pattern: str, parts: Mapping[str, str], *place: str | int) -> re.Pattern[str]:
    """Compile a pattern with its named parts put in; raises :class:`ProblemAt` its place in the file."""
    field = place[-1]
    repeat = UNLIMITED.search(CHARACTER_CLASS.sub("x", ESCAPED.sub("x", pattern)))
    if repeat:
        raise ProblemAt(f"{field} repeats without a limit ({repeat[0]}); write {{0,40}} or the like", *place)
    unknown = sorted(set(PART.findall(pattern)) - parts.keys())
    if unknown:
        raise ProblemAt(f"{field} uses {{{unknown[0]}}}, which [vocabulary] does not have above it", *place)
    try:
        return re.compile(PART.sub(lambda part: parts[part[1]], pattern), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ProblemAt(f"{field} is no regular expression: {error}; mend {pattern!r:.60}", *place) from error


class _Double(NamedTuple):
    """A text that stands in a list a second time, and where."""

    text: str
    place: int


def _first_double(texts: Sequence[str]) -> _Double | None:
    return next((_Double(text, place) for place, text in enumerate(texts) if text in texts[:place]), None)


# -- the document ------------------------------------------------------------------------------------------------------


def markdown(book: Codebook) -> str:
    """Write a codebook as Markdown, for ``docs/codebook.md``."""
    lines: list[str] = []
    for code in book.codes:
        standard = f" Standard: reference set `{code.reference}`." if code.reference else ""
        omission = " Rolls up to the advertiser over all pages." if code.omission else ""
        lines += [
            f"### {code.id}: {code.name}\n",
            f"{code.definition}{standard}{omission}\n",
            f"- {code.level}, {code.type}: {', '.join(code.values) or 'free'}; key `{code.key}`",
            f'- holds: "{code.positive}"',
            f'- does not hold: "{code.negative}"',
            f"- cues: {', '.join(cue.name for cue in code.cues) or 'none'}",
            f"- after: {code.source}\n",
        ]
    return "\n".join(lines)
