"""Run the command line as a user does: in a process of its own, with an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CONTACT = "tests@project.example"


def environment(proxy: str | None = None) -> dict[str, str]:
    """Give an environment with a contact and, if named, a proxy; no proxy of this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    proxies = {"http_proxy": proxy, "https_proxy": proxy} if proxy else {}
    return kept | proxies | {"CLINICWATCH_CONTACT": CONTACT}


def start(*arguments: object, proxy: str | None = None) -> subprocess.Popen[str]:
    """Start ``clinicwatch`` and do not wait for it."""
    command = [sys.executable, "-m", "crawler.commands.cli", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(proxy), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def clinicwatch(*arguments: object, proxy: str | None = None, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run ``clinicwatch`` to its end."""
    process = start(*arguments, proxy=proxy)
    out, err = process.communicate(timeout=timeout)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def crawl(db: Path, seeds: Path, proxy: str, *more: object) -> subprocess.CompletedProcess[str]:
    """Crawl a test web fast, and fail with what the command said where it fails."""
    done = clinicwatch("crawl", "--seeds", seeds, "--db", db, "-s", "DOWNLOAD_DELAY=0", *more, proxy=proxy)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def seeds_file(folder: Path, *urls: str) -> Path:
    """Write a seeds file with these URLs."""
    path = folder / "seeds.csv"
    path.write_text("url\n" + "".join(f"{url}\n" for url in urls))
    return path
