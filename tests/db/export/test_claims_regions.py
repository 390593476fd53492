"""Candidates of every region in an export: a row for each version and region that shows one."""

from __future__ import annotations

import csv
import json

from db.export.export import export
from tests.support.claim_corpus import OFF_LABEL, SAFE, SECOND, claim_corpus


def test_claims_name_their_region(tmp_path):
    """A footer's disclosure has a row a version; a sentence of title and main text has one each; the key tells them."""
    claim_corpus(tmp_path / "corpus.db")
    folder = export(tmp_path / "corpus.db", tmp_path / "out", now=SECOND).folder
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    footers = [row for row in rows if row["quote"] == OFF_LABEL and row["code"] == "R2_offlabel"]
    assert {row["region"] for row in footers} == {"boilerplate"}
    assert len({row["claim"] for row in footers}) == 1
    current = sorted(row["url"][-2] for row in footers if row["is_current"] == "true")
    assert current == ["a", "b", "c"]
    safe = [row["region"] for row in rows if row["quote"] == SAFE and row["is_current"] == "true"]
    assert sorted(safe) == ["text", "title"]
    keys = [(row["claim"], row["version"], row["region"]) for row in rows]
    assert len(set(keys)) == len(keys)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (claims,) = (one for one in package["resources"] if one["name"] == "claims")
    assert claims["schema"]["primaryKey"] == ["claim", "version", "region"]
