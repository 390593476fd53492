"""Saved pages with what is read from them: ``tests/pages/<case>/`` holds a page, what it is, and the values to expect.

``input.html`` (or ``.xml``) is the body, ``case.toml`` says where it is from and what it is there for, and
``expected.json`` has each field of its reading, and the outcome where a page is none. The pages are of our own making.
A new case, or one whose reading changed on purpose::

    python -m tests.pages CASE --write

prints what differs and writes ``expected.json`` anew: look at each line of it before it is committed.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.jobs import ReadJob, run
from pipelines.model.records import Reading
from pipelines.reading.read import read

FOLDER = Path(__file__).parent
CASES = tuple(sorted(path.parent.name for path in FOLDER.glob("*/case.toml")))
# what a worker adds to a reading is tested with the worker
OF_WORKER = ("region_hashes", "day")
FIELDS = ("outcome", *(field.name for field in dataclasses.fields(Reading) if field.name not in OF_WORKER))


@cache
def read_case(case: str) -> dict[str, Any]:
    """Read the page of a case: its outcome where it is no page, and each field of its reading, as JSON has them."""
    facts = tomllib.loads((FOLDER / case / "case.toml").read_text(encoding="utf-8"))
    body = next((FOLDER / case).glob("input.*")).read_bytes()
    reading = read(body, facts["url"], facts.get("content_type"))
    result = run(ReadJob(facts["url"], body, facts.get("content_type")))
    values = {"outcome": f"{result.outcome}: {result.reason}" if result.outcome else None}
    values |= {name: value for name, value in dataclasses.asdict(reading).items() if name in FIELDS}
    return json.loads(json.dumps(values))


def expected(case: str) -> dict[str, Any]:
    """Give the values that were looked at and kept."""
    path = FOLDER / case / "expected.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
