"""Who publishes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipelines.classify.source_class import CLASSES, guess, source_class
from pipelines.metadata.page_metadata import Metadata

HOSTS = Path(__file__).resolve().parents[3] / ".." / "shared" / "domain" / "hosts.csv"


@pytest.mark.parametrize(
    ("host", "text", "kind"),
    [
        ("cedarketamine.example", "", "clinic"),
        ("www.nih.gov", "", "government"),
        ("dailynews.example", "", "news"),
        ("findketamineclinics.example", "Browse clinics by state. Claim this listing.", "directory"),
        (
            "oak.example",
            "Schedule a consultation at our clinic. New patients are welcome. We treat depression with ketamine.",
            "clinic",
        ),
        ("oak.example", "Our clinic offers TMS. Schedule your appointment. New patients call us.", "clinic-other"),
        ("oak.example", "At-home ketamine, shipped to you after a telehealth visit.", "telehealth"),
        ("oak.example", "Abstract. doi:10.1 Cited by 4. Corresponding author.", "journal"),
        ("oak.example", "Write for us. Submit a guest post. Sponsored post prices.", "guest-post-host"),
        ("oak.example", "Add to cart. No prescription. Bitcoin accepted.", "illegal-vendor"),
        ("oak.example", "We grow roses.", "other"),
    ],
)
def test_guess(host, text, kind):
    """Host and home page tell what kind of publisher it is."""
    assert guess(host, None, text)[0] == kind


def test_declared_clinic():
    """What a home page declares in JSON-LD counts, and is given as the reason."""
    assert guess("oak.example", Metadata(types=("MedicalClinic",))) == ("clinic", ("declares MedicalClinic",))


def test_a_person_wins():
    """A value in sites.csv is never overruled."""
    assert source_class("cedarketamine.example", "news") == ("news", ("a person said so",))


@pytest.mark.skipif(not HOSTS.exists(), reason="../shared is absent")
def test_real_hosts_by_name_alone():
    """The name of a host alone gives the class of most real hosts, and every guess is a class that we know."""
    with HOSTS.open(encoding="utf-8") as lines:
        rows = [(row["class"], guess(row["host"])[0]) for row in csv.DictReader(lines)]
    assert sum(true == said for true, said in rows) >= 0.58 * len(rows)
    assert {said for _, said in rows} <= set(CLASSES)
