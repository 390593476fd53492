"""Measure a command with all its descendants: wall time, CPU time, peak memory."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds, CPU seconds of all its processes, peak of their proportional memory in MB.

    ``said`` is what it wrote to standard output.
    """

    wall: float
    cpu: float
    memory: float
    said: str = ""


def adopt_orphans() -> None:
    """Make this process the parent of orphaned descendants, so that their CPU time is counted when they end."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def measure(command: list[str], environment: dict[str, str], cwd: Path, keep: frozenset[int] = frozenset()) -> Cost:
    """Run a command to its end and measure it; ``keep`` are children of ours that go on (the server)."""
    adopt_orphans()
    before, start = cpu_of_children(), time.perf_counter()
    process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    peak = Peak(process.pid)
    out, err = process.communicate()
    wall = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError((out + err).decode())
    reap(keep)
    return Cost(wall, cpu_of_children() - before, peak.stop(), out.decode())


def cpu_of_children() -> float:
    """Sum the CPU seconds of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def reap(keep: frozenset[int]) -> None:
    """Wait for orphans, for at most ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end and [pid for pid in children(os.getpid()) if pid not in keep]:
        for pid in children(os.getpid()):
            if pid not in keep:
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Name the children of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descendants(pid: int) -> list[int]:
    """Name a process and all below it."""
    try:
        return [pid] + [below for child in children(pid) for below in descendants(child)]
    except OSError:
        return []


def proportional_megabytes(pid: int) -> float:
    """Read a process' proportional set size: memory that processes share is shared out."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


class Peak(threading.Thread):
    """Watches the memory of a process tree from a thread."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.5):
            self.peak = max(self.peak, sum(map(proportional_megabytes, descendants(self.pid))))

    def stop(self) -> float:
        """End the watch and give the peak in MB."""
        self.over.set()
        self.join()
        return self.peak
