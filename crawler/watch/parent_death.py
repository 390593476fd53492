"""A crawl that was started by a watch ends with it: an orphan would hold the corpus against the next watch.

The watch holds the one end of a pipe, the crawl reads the other; whatever ends the watch, the kernel closes its end.
The crawl then ends on the spot, as from a SIGKILL, which loses nothing (see ``tests/support/kills.py``).
"""

from __future__ import annotations

import os
import threading

LEASH = "CLINICWATCH_LEASH"  # the number of the file descriptor, in the environment of the crawl
CUT = 137  # the exit code of a process that SIGKILL ended


def hold_leash() -> None:
    """End this process as soon as the one that started it has ended, where that was asked for."""
    handle = os.environ.pop(LEASH, "")
    if handle.isdecimal():
        os.set_inheritable(int(handle), False)
        threading.Thread(target=_end_with, args=(int(handle),), daemon=True).start()


def _end_with(handle: int) -> None:
    os.read(handle, 1)
    os._exit(CUT)
