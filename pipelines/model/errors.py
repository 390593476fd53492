"""What can go wrong for a user, each with the exit code of the command that met it."""

from __future__ import annotations


class ClinicwatchError(Exception):
    """Raised by every room for a mistake of the user or the machine; its text is the one line that the user reads.

    The command line prints it and exits with ``exit_code``; nothing that was stored before is lost.
    """

    exit_code = 1


class UsageError(ClinicwatchError):
    """Raised for a wrong option or a broken input file, before anything starts."""

    exit_code = 2


class CorpusError(ClinicwatchError):
    """Raised when a corpus cannot be opened, read or written; its text names the path and what to do."""


class CorpusBusyError(ClinicwatchError):
    """Raised when another crawl holds the corpus; nothing was written."""

    exit_code = 3
