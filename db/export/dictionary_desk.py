"""The data dictionary of what people noted beside the coding: marks of triage on changes, and dated events.

Notes and enquiries are a team's own: the files have their rows only with ``--internal``, but for events of others.
"""

from __future__ import annotations

from db.coding.events import EventKind
from db.coding.triage import STATUS_MEANINGS, TriageStatus
from db.export.columns import Column, Table

SINCE = "0.2.0"

# fmt: off
TRIAGE = Table(
    "triage",
    "Marks of triage on changes, each as it was set; only with `--internal`, for notes are a team's own",
    "",
    ("mark",),
    (
        Column("mark", "integer", "Number of the mark; marks are only ever added to.", source="triage_marks.id",
               since=SINCE),
        Column("edit", "string", "Change that it is on; join with `changes.csv`, where it is still listed.",
               source="triage_marks.change", since=SINCE),
        Column("at", "datetime", "When it was set.", unit="UTC", source="triage_marks.at", since=SINCE),
        Column("coder", "string", "Pseudonym of who set it.", source="triage_marks.coder", since=SINCE),
        Column("status", "string", "What the person makes of the change.", "it says nothing of that",
               values=tuple(TriageStatus), meanings=STATUS_MEANINGS, source="triage_marks.status", since=SINCE),
        Column("assignee", "string", "Who is to see to it; `-` is nobody any more.", "it says nothing of that",
               source="triage_marks.assignee", since=SINCE),
        Column("note", "string", "Note.", "none", source="triage_marks.note", since=SINCE),
        Column("undoes", "integer", "The mark that this row takes back.", "it takes none back",
               source="triage_marks.undoes", since=SINCE),
        Column("stands", "boolean", "Whether it is a mark that no row takes back.", source="current_marks",
               since=SINCE),
        Column("kind", "string", "Kind of the change when it was marked.", source="triage_marks.kind", since=SINCE),
        Column("url", "string", "Page of the change when it was marked.", source="triage_marks.url", since=SINCE),
        Column("seen_at", "datetime", "When the change was seen.", unit="UTC", source="triage_marks.seen_at",
               since=SINCE),
    ),
)

EVENTS = Table(
    "events",
    "Dated events that claims are held against, retracted ones left out; notes and enquiries only with `--internal`",
    "",
    ("event",),
    (
        Column("event", "integer", "Number of the event.", source="events.id", since=SINCE),
        Column("day", "date", "Day of the event.", source="events.day", since=SINCE),
        Column("kind", "string", "Kind of event.", values=tuple(EventKind), meanings={
            "warning letter": "an authority wrote to the advertiser",
            "rule": "a rule, law or guidance took effect or was announced",
            "our enquiry": "the project wrote to the advertiser; only with `--internal`",
            "other": "anything else, as its title says",
        }, source="events.kind", since=SINCE),
        Column("advertiser", "string", "Advertiser that it concerns.", "it concerns all", source="events.advertiser",
               since=SINCE),
        Column("title", "string", "Title.", source="events.title", since=SINCE),
        Column("source_url", "string", "Where it is documented.", "none given", source="events.url", since=SINCE),
        Column("note", "string", "Note.", "none, or left out without `--internal`", source="events.note", since=SINCE),
        Column("entered_at", "datetime", "When it was entered.", unit="UTC", source="events.at", since=SINCE),
    ),
)
# fmt: on

DESK_TABLES = (TRIAGE, EVENTS)
