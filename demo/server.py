"""Start the demo web as a child process, as tests and ``make run`` need it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import ProxyHandler, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONTROL", "DemoServer", "running"]

CONTROL = "http://control.demo.example"
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A running demo web: ``proxy`` is the address for ``http_proxy``."""

    proxy: str

    def get(self, url: str) -> bytes:
        """Fetch one URL through the proxy."""
        with build_opener(ProxyHandler({"http": self.proxy})).open(url, timeout=30) as answer:
            body: bytes = answer.read()
            return body

    def set_tick(self, tick: int) -> None:
        """Turn the clock of the demo web."""
        self.get(f"{CONTROL}/tick/{tick}")

    def tick(self) -> int:
        """Read the clock of the demo web."""
        return int(self.get(f"{CONTROL}/tick"))

    def log(self) -> dict[str, int]:
        """Count the requests of each URL since the start or the last ``clear_log``."""
        counts: dict[str, int] = json.loads(self.get(f"{CONTROL}/log"))
        return counts

    def clear_log(self) -> None:
        """Begin the counts anew."""
        self.get(f"{CONTROL}/log/clear")


@contextmanager
def running(
    seed: int = 1, pages: int = 300, tick: int = 0, *, single: bool = False, prerender: bool = False
) -> Iterator[DemoServer]:
    """Run the demo web while the block runs; the child is ended by SIGTERM."""
    options = ["--seed", str(seed), "--pages", str(pages), "--tick", str(tick)]
    options += ["--single"] * single + ["--prerender"] * prerender
    command = [sys.executable, "-m", "demo", "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as child:  # noqa: S603 - our own module
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            if not line.startswith("ready "):
                raise RuntimeError("the demo web did not start")
            yield DemoServer(line.split()[1])
        finally:
            child.terminate()
