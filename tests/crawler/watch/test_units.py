"""What a scheduler is given: right paths, each format's own quoting, accepted by the scheduler itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from crawler.watch.unit_files import DAY, HOUR, WEEK, Installation, TimeOfDay, cron_times, parse_at, schedule_files
from tests.support.command import CONTACT, ROOT, clinicwatch

PLAIN = Installation(
    Path("/srv/cw"), Path("/srv/cw/.venv/bin/clinicwatch"), Path("/srv/cw/db/corpus.db"), "watch", CONTACT
)
ODD = Installation(Path("/srv/50% off; it's $HOME"), Path("/bin/true"), Path('/srv/a b/c"d/x.db'), "watch", CONTACT)
analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here (Debian: systemd)")


@pytest.mark.parametrize(
    ("every", "at", "expected"),
    [
        (DAY, (3, 15), ("3", "*")),
        (WEEK, (3, 15), ("3", "1")),
        (12 * HOUR, (15, 0), ("3,15", "*")),
        (HOUR, (3, 15), (",".join(map(str, range(24))), "*")),
    ],
)
def test_schedules_are_told_in_hours(every, at, expected):
    """A crawl at the time named, and at even steps around the clock."""
    assert cron_times(every, TimeOfDay(*at)) == expected


@pytest.mark.parametrize("every", [timedelta(minutes=30), 5 * HOUR, 2 * DAY, 48 * WEEK])
def test_what_no_clock_can_hold_is_refused(every):
    """Every five hours is no hour of the day; the error names what is."""
    with pytest.raises(ValueError, match="watch --every"):
        cron_times(every, TimeOfDay(3, 15))


@pytest.mark.parametrize("text", ["24:00", "3", "3:60", "", "03:15:00"])
def test_what_is_no_time_of_day_is_refused(text):
    """The error shows one."""
    with pytest.raises(ValueError, match="03:15"):
        parse_at(text)


def test_a_cron_line_runs_as_it_stands(tmp_path):
    """The command of the line runs in a shell, in its folder, with the contact and the corpus that were named."""
    folder = tmp_path / "50% off; it's $HOME"
    folder.mkdir()
    script = tmp_path / "clinic watch"
    script.write_text('#!/bin/sh\nprintf "%s|" "$PWD" "$CLINICWATCH_CONTACT" "$@"\n')
    script.chmod(0o755)
    line = schedule_files("cron", Installation(folder, script, tmp_path / "a b.db", "watch", CONTACT))[
        "clinicwatch.cron"
    ]
    times, command = line.split(maxsplit=5)[:5], line.split(maxsplit=5)[5]
    assert times == ["15", "3", "*", "*", "*"]
    result = subprocess.run(
        ["sh", "-c", command.replace(r"\%", "%")], capture_output=True, text=True, check=True
    ).stdout
    assert result.split("|")[:-1] == [
        str(folder),
        CONTACT,
        "crawl",
        "--db",
        str(tmp_path / "a b.db"),
        "--fail-on-alert",
    ]


@analyze
@pytest.mark.parametrize("every", [HOUR, 6 * HOUR, DAY, WEEK])
@pytest.mark.parametrize("site", [PLAIN, ODD], ids=["plain", "odd"])
def test_systemd_accepts_the_units(tmp_path, site, every):
    """Its own check finds nothing to say against service and timer, whatever the paths are."""
    command = tmp_path / "clinicwatch"
    command.symlink_to("/bin/true")
    folder = Path(str(site.folder).replace("/srv", str(tmp_path)))
    folder.mkdir()
    files = schedule_files("systemd", replace(site, folder=folder, command=command, every=every))
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / name) for name in files]
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@analyze
def test_systemd_finds_the_next_time(tmp_path):
    """The calendar of the timer is one that systemd can work with, and is the time that was wanted."""
    text = schedule_files("systemd", replace(PLAIN, every=WEEK, at=TimeOfDay(4, 5)))["clinicwatch.timer"]
    calendar = next(line.partition("=")[2] for line in text.splitlines() if line.startswith("OnCalendar="))
    result = subprocess.run(
        ["systemd-analyze", "calendar", calendar],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TZ": ""},
    ).stdout
    assert "Mon" in result
    assert "04:05:00" in result


def test_the_service_is_hardened_and_writes_beside_the_corpus():
    """It may write to the folder of the corpus and to no other; secrets come from a file of their own."""
    text = schedule_files("systemd", PLAIN)["clinicwatch.service"]
    assert "ReadWritePaths=/srv/cw/db\n" in text
    assert "ProtectSystem=strict" in text
    assert "EnvironmentFile=-/srv/cw/clinicwatch.env" in text
    assert "User=watch" in text


def test_the_workflow_is_yaml_that_keeps_the_corpus():
    """GitHub reads the schedule, and the corpus goes from one run to the next."""
    result = yaml.safe_load(schedule_files("github", PLAIN)["clinicwatch.yml"])
    assert result[True]["schedule"] == [{"cron": "15 3 * * *"}]  # YAML 1.1 takes the word on for true
    (job,) = result["jobs"].values()
    assert job["env"]["CLINICWATCH_CONTACT"] == CONTACT
    assert [step.get("uses", "").partition("@")[0] for step in job["steps"] if "cache" in step.get("uses", "")] == [
        "actions/cache/restore",
        "actions/cache/save",
    ]


def test_the_command_knows_this_machine(tmp_path):
    """Paths are absolute, the user is the one named, and files are written once."""
    done = clinicwatch("schedule", "systemd", "--user", "keeper", "--db", "x/y.db", "--into", tmp_path / "units")
    assert done.stdout.splitlines() == [
        str(tmp_path / "units" / f"clinicwatch.{kind}") for kind in ("service", "timer")
    ]
    service = (tmp_path / "units" / "clinicwatch.service").read_text()
    assert f"{ROOT}/x/y.db" in service  # in quotes where the path has a space
    assert f"CLINICWATCH_CONTACT={CONTACT}" in service
    assert "User=keeper" in service
    again = clinicwatch("schedule", "systemd", "--into", tmp_path / "units")
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "exists already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cron", "--every", "5h"), "watch --every"),
        (("cron", "--at", "25:00"), "such as 03:15"),
        (("systemd", "--user", "me;rm"), "no name of a user"),
        (("github", "--contact", "nobody"), "e-mail address"),
    ],
)
def test_a_wrong_schedule_is_one_line(arguments, words):
    """What cannot be scheduled is said before anything is written."""
    done = clinicwatch("schedule", *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr
