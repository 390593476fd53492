"""Draw a sample of the corpus and freeze it: frame | draw | freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.coding.samples import FrameLine, FrozenSample, SampleUnit, find_sample, frame_query, freeze, read_frame
from db.coding.votes_file import voting
from db.corpus.connection import reading
from pipelines.coding.sample import Drawn, Sample, Unit, draw
from pipelines.model.errors import CorpusError
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from db.coding.samples import FrameQuery


def draw_sample(db: Path, asked: Mapping[str, object], *, by: Sequence[str], page_types: Sequence[str]) -> FrozenSample:
    """Draw a stratified sample of what the corpus holds on the topic, one unit a family or a text, and freeze it.

    ``asked`` has ``name``, ``n``, ``seed``, ``per`` (family or text), ``double`` (0 to 1) and ``at`` (UTC).
    Raises :class:`UsageError` for a column that a frame is not divided by or a name that is taken,
    :class:`CorpusError` for an empty frame.
    """
    query = frame_query(by, page_types, per=str(asked["per"]))
    with reading(db) as corpus:
        frame = read_frame(corpus, query)
    if not frame:
        raise CorpusError(f"{db}: nothing to draw from: no document on the topic is of this kind")
    n, seed, double = int(str(asked["n"])), int(str(asked["seed"])), float(str(asked["double"]))
    drawn = draw([Unit(line.unit, line.stratum, line.pages) for line in frame], n, seed=seed, double=double)
    with voting(db) as review:
        facts = _facts(drawn, by, query) | {name: asked[name] for name in ("name", "at", "double")}
        freeze(review, facts | {"asked": n}, _units(frame, drawn.units))
        return find_sample(review, str(asked["name"]))


def _facts(drawn: Sample, by: Sequence[str], query: FrameQuery) -> dict[str, object]:
    return {
        "seed": drawn.seed,
        "strata_by": dump(list(by)),
        "query": f"{query.sql} -- with {dump(list(query.values))}" if query.values else query.sql,
        "frame_size": drawn.frame_size,
        "frame_hash": drawn.frame_hash,
        "strata": dump([[one.values, one.size, one.drawn] for one in drawn.strata]),
    }


def _units(frame: Sequence[FrameLine], drawn: Sequence[Drawn]) -> list[SampleUnit]:
    lines = {line.unit: line for line in frame}
    return [_unit(lines[one.key], one) for one in drawn]


def _unit(line: FrameLine, one: Drawn) -> SampleUnit:
    where = (line.unit, line.page, line.url, line.advertiser, line.pages)
    return SampleUnit(one.place, *where, one.stratum, one.weight, one.double)


def sample_text(sample: FrozenSample) -> str:
    """Print a sample: its strata with their sizes, and what draws it again.

    Each stratum's weight is how many texts of the frame one drawn text stands for.
    """
    rows = [
        f"{_named(values):<40}{size:>8}{drawn:>8}" + (f"{size / drawn:>9.2f}" if drawn else "     none")
        for values, size, drawn in sample.strata
    ]
    total = sum(drawn for _, _, drawn in sample.strata)
    heading = f"{' / '.join(sample.strata_by) or 'stratum':<40}{'frame':>8}{'drawn':>8}{'weight':>9}"
    last = f"{'all':<40}{sample.frame_size:>8}{total:>8}"
    told = f"sample {sample.name}, seed {sample.seed}, frame {sample.frame_hash[:16]}, frozen at {sample.at}"
    return "\n".join([heading, *rows, last, told])


def _named(values: Sequence[str]) -> str:
    return " / ".join(value or "(none)" for value in values)
