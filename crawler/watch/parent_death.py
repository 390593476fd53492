"""Parent-death watchdog: a crawl that a watch started ends with it, for an orphan would hold the corpus.

The watch holds the writing end of the crawl's standard input and writes nothing; whatever ends the watch, the kernel
closes its end. The crawl then ends on the spot, as from a SIGKILL, which loses nothing (``tests/support/kills.py``).
"""

from __future__ import annotations

import os
import threading

END_WITH_STDIN = "CLINICWATCH_END_WITH_STDIN"  # in the environment of a crawl that a watch started
KILLED = 137  # the exit code of a process that SIGKILL ended


def end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, where that one wants it."""

    def end_at_end_of_input() -> None:
        os.read(0, 1)
        os._exit(KILLED)

    if os.environ.pop(END_WITH_STDIN, ""):
        threading.Thread(target=end_at_end_of_input, daemon=True).start()
