"""What pages asked for what, with first and last seen over all versions."""

from __future__ import annotations

import json

from pipelines.metadata.prices import PriceLine, find_prices
from tests.support.made_corpus import ABOUT, corpus_of, crawl_texts


def test_a_price_is_kept_with_the_time_in_which_it_stood(tmp_path):
    """The former sum ends with its version, the new one begins with its own, what stayed is one row."""
    path = tmp_path / "c.db"
    texts = {"/": f"Clinic\n{ABOUT}", "/fees/": f"Fees\nA first visit costs $150.\nOne infusion is $400. {ABOUT}"}
    with corpus_of(path, texts) as db:
        crawl_texts(db, path, texts | {"/fees/": texts["/fees/"].replace("$400", "$450")})
        for version, text in db.execute(
            "SELECT version, text FROM readings JOIN texts ON sha256 = text_sha256"
        ).fetchall():
            lines, start = [], 0
            for line in text.split("\n"):
                lines.append(PriceLine(line, "item", "text", start))
                start += len(line) + 1
            found = json.dumps([price._asdict() for price in find_prices(lines)])
            db.execute("UPDATE readings SET prices = ? WHERE version = ?", (found, version))
        rows = db.execute("SELECT amount, label, is_current, first_seen FROM prices ORDER BY low").fetchall()
        spans = db.execute(
            'SELECT substr(text, start + 1, "end" - start), amount FROM prices JOIN readings ON readings.version'
            " = prices.version JOIN texts ON texts.sha256 = readings.text_sha256 WHERE region = 'text'"
        ).fetchall()
    assert [tuple(row)[:3] for row in rows] == [
        ("$150", "A first visit costs $150.", 1),
        ("$400", "One infusion is $400.", 0),
        ("$450", "One infusion is $450.", 1),
    ]
    assert rows[0][3] == rows[1][3]  # since the version that had both
    assert spans
    assert all(span == amount for span, amount in spans)
